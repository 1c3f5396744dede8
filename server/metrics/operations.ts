import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Log } from '@/lib/core/log';
import type { Env } from '@/server/env';
import type { HubStats } from '@/server/hub/hubStats';
import type { Recorder } from '@/server/recorder/recorderContract';
import type { Census } from '@/server/store/meetingStore';
import type { OutboxStore } from '@/server/store/outboxStore';
import { Probes, type ProbesParts } from './probes';
import { Sampler } from './sampler';
import type { SiteMetrics, SiteSample } from './siteMetrics';

/** Readiness turns red within this time of a loss, however seldom the metrics are sampled. */
const LOOK_MAX_MS = 2_000;
/** A scraper that is slower than this has gone. */
const SCRAPE_MAX_MS = 10_000;

export interface OperationsParts {
  readonly env: Pick<Env, 'metricsIntervalS' | 'metricsToken' | 'metricsPort' | 'dataDir' | 'host'>;
  readonly metrics: SiteMetrics;
  census(): Promise<Census>;
  readonly outbox: Pick<OutboxStore, 'queue'>;
  /** Watches the site by each sample. Never rejects. */
  readonly alerts: { look(sample: SiteSample): Promise<void> };
  readonly drain: { readonly isOn: boolean };
  /** Recordings under way. */
  recordings(): number;
  /** Null with a Jitsi deployment in its place. */
  readonly hub: { readonly isUp: boolean; readonly restarts: number; readonly stats: HubStats | null } | null;
  readonly recorder: Recorder | null;
  readonly log: Log;
}

/** What those who run the site see of it: metrics, health and readiness. */
export class Operations {
  /** On the site's own port, where metrics need their token. */
  readonly probes: Probes;
  private readonly sampler: Sampler;
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
        recordings: parts.recordings(),
      }),
      onSample: (sample) => {
        metrics.take(sample);
        void parts.alerts.look(sample);
      },
    });
    recorder?.events.on('kept', ({ segment }) => metrics.recorded(segment.sizeBytes));
    recorder?.events.on('ended', ({ failure }) => failure !== null && metrics.recordingFailed());
    this.probes = this.createProbes(env.metricsToken === null ? null : { token: env.metricsToken });
  }

  /** Begins to look, and listens on the port for metrics if there is one. Rejects if that is taken. */
  async start(): Promise<void> {
    const { metricsPort, metricsToken, host } = this.parts.env;
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

  close(): void {
    this.sampler.close();
    this.server?.close();
    this.server?.closeAllConnections();
  }

  private createProbes(reader: ProbesParts['reader']): Probes {
    const { metrics, drain } = this.parts;
    return new Probes({ metrics, sample: () => this.sampler.latest, isDraining: () => drain.isOn, reader });
  }
}
