import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { systemClock } from '@/lib/core/clock';
import type { Env } from '@/server/env';
import type { HubStats } from '@/server/hub/hubStats';
import type { Recorder } from '@/server/recorder/recorderContract';
import type { Census } from '@/server/store/meetingStore';
import type { OutboxStore } from '@/server/store/outboxStore';
import { ByteRate } from './byteRate';
import { type Lack, lacksOf, Probes, type ProbesParts } from './probes';
import { Sampler } from './sampler';
import type { SiteMetrics, SiteSample } from './siteMetrics';

/** Readiness turns red within this time of a loss, however seldom the metrics are sampled. */
const LOOK_MAX_MS = 2_000;
/** A scraper that is slower than this has gone. */
const SCRAPE_MAX_MS = 10_000;
const LAG_STEP_MS = 10;
const NS_PER_MS = 1e6;

export interface OperationsParts {
  readonly env: Pick<Env, 'metricsIntervalS' | 'metricsToken' | 'metricsPort' | 'dataDir' | 'host'>;
  readonly metrics: SiteMetrics;
  census(): Promise<Census>;
  readonly outbox: Pick<OutboxStore, 'queue'>;
  /** Watches the site by each sample. Never rejects. */
  readonly alerts: { look(sample: SiteSample): Promise<void> };
  /** Keeps what is sampled. Never rejects. */
  readonly history: { look(sample: SiteSample): Promise<void> };
  /** Whether no new meetings are taken. */
  readonly drain: { readonly isOn: boolean };
  /** Recordings under way. */
  recordings(): number;
  /** Null with a Jitsi deployment in its place. */
  readonly hub: { readonly isUp: boolean; readonly restarts: number; readonly stats: HubStats | null } | null;
  readonly recorder: Recorder | null;
}

/** What those who run the site see of it: metrics, health and readiness. */
export class Operations {
  /** On the site's own port, where metrics need their token. */
  readonly probes: Probes;
  private readonly sampler: Sampler;
  private readonly lag = monitorEventLoopDelay({ resolution: LAG_STEP_MS });
  private readonly sent = new ByteRate(systemClock);
  private server: Server | null = null;

  constructor(private readonly parts: OperationsParts) {
    const { env, metrics, hub, recorder } = parts;
    this.sampler = new Sampler({
      everyMs: Math.min(env.metricsIntervalS * 1000, LOOK_MAX_MS),
      dataDir: env.dataDir,
      census: () => parts.census(),
      queue: () => parts.outbox.queue(),
      known: () => ({
        isHubUp: hub?.isUp ?? null,
        hub: hub?.stats ?? null,
        hubRestarts: hub?.restarts ?? null,
        sentBytesPerSecond: this.sent.read(hub?.stats ?? null),
        recordings: parts.recordings(),
        eventLoopLagMs: this.readLagMs(),
        memoryBytes: process.memoryUsage.rss(),
      }),
      onSample: (sample) => {
        metrics.take(sample);
        void parts.alerts.look(sample);
        void parts.history.look(sample);
      },
    });
    recorder?.events.on('kept', ({ segment }) => metrics.recorded(segment.sizeBytes));
    recorder?.events.on('ended', ({ failure }) => failure !== null && metrics.recordingFailed());
    this.probes = this.createProbes(env.metricsToken === null ? null : { token: env.metricsToken });
  }

  /** Begins to look, and listens on the port for metrics if there is one. Rejects if that is taken. */
  async start(): Promise<void> {
    const { metricsPort, metricsToken, host } = this.parts.env;
    this.lag.enable();
    this.sampler.start();
    if (metricsPort === null) return;
    const inside = this.createProbes(metricsToken === null ? 'open' : { token: metricsToken });
    const server = createServer(
      { requestTimeout: SCRAPE_MAX_MS, headersTimeout: SCRAPE_MAX_MS },
      (request, response) => {
        if (!inside.handleRequest(request, response)) response.writeHead(404).end();
      },
    );
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(metricsPort, host, resolve);
    });
    this.server = server;
  }

  /** Where metrics are served inside the network; null for nowhere. */
  get insidePort(): number | null {
    return (this.server?.address() as AddressInfo | null)?.port ?? null;
  }

  /** Why the site can't take people now; empty while it can. */
  get lacks(): readonly Lack[] {
    return lacksOf(this.sampler.latest, this.parts.drain.isOn);
  }

  close(): void {
    this.lag.disable();
    this.sampler.close();
    this.server?.close();
    this.server?.closeAllConnections();
  }

  private createProbes(reader: ProbesParts['reader']): Probes {
    const { metrics } = this.parts;
    return new Probes({ metrics, lacks: () => this.lacks, reader });
  }

  private readLagMs(): number {
    const lagMs = Math.max(0, this.lag.percentile(99) / NS_PER_MS - LAG_STEP_MS);
    this.lag.reset();
    return lagMs;
  }
}
