import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { DeploymentFault } from '@/lib/core/deploymentFault';
import type { ClientReport, MeetingErrorReason } from '@/lib/core/meeting';
import type { HubStats } from '@/server/hub/hubStats';
import type { Census } from '@/server/store/meetingStore';

/** What is looked at every few seconds; null where it can't be told. */
export interface SiteSample {
  readonly isDatabaseUp: boolean;
  readonly census: Census | null;
  /** Null with a Jitsi deployment in the hub's place. */
  readonly isHubUp: boolean | null;
  readonly hub: HubStats | null;
  /** Times that the hub ended and was started again; null without one. */
  readonly hubRestarts: number | null;
  /** Poses and media that the hub sends; null without one, or before that is known. */
  readonly sentBytesPerSecond: number | null;
  readonly recordings: number;
  /** p99 since the last look. */
  readonly eventLoopLagMs: number;
  /** Of this process. */
  readonly memoryBytes: number;
  readonly diskFreeBytes: number | null;
  /** Messages on their way to webhooks, and when the oldest was added (Unix ms); null for none or while that can't be told. */
  readonly messagesQueued: number | null;
  readonly oldestMessageAtMs: number | null;
}

const AGE_BUCKETS_S = [0.025, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1, 2, 5];
const DURATION_BUCKETS_S = [0.25, 0.5, 1, 2, 3, 5, 8, 15, 30, 60];
const RATIO_BUCKETS = [0, 0.001, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1];
const NOTHING: Readonly<Record<string, number>> = {};
/** Of a hub that carries no media: absent series would take the sums of all bytes with them. */
const NO_MEDIA = { in: 0, out: 0 };
const BITS = 8;
const S_PER_MS = 0.001;

/**
 * The site's figures in the form of Prometheus. Counting costs nothing on the paths of poses: the hub counts for itself, and
 * its counts are copied from the newest sample.
 */
export class SiteMetrics {
  private readonly registry = new Registry();
  private sample: SiteSample | null = null;
  private readonly joins = this.counter('parley_joins_total', 'Requests to join, by what became of them.', ['result']);
  private readonly seatsRefused = this.counter('parley_seats_refused_total', 'Requests for a seat in a full meeting.');
  private readonly joinDuration = this.histogram(
    'parley_join_duration_seconds',
    'From asking to join until poses can be exchanged, as clients report it.',
    DURATION_BUCKETS_S,
  );
  private readonly poseAge = this.histogram(
    'parley_pose_age_seconds',
    'Age of poses as drawn, less the fastest transit: what each client reports every five seconds, the median of its p95 ages.',
    AGE_BUCKETS_S,
  );
  private readonly poseLost = this.histogram(
    'parley_pose_lost_ratio',
    'Share of pose packets lost, from the worst of the others: what each client reports every five seconds.',
    RATIO_BUCKETS,
  );
  private readonly reconnects = this.counter('parley_reconnects_total', 'Connections that came back by themselves.', [
    'kind',
  ]);
  private readonly reconnectDuration = this.histogram(
    'parley_reconnect_duration_seconds',
    'From losing a connection until it was back, as clients report it.',
    DURATION_BUCKETS_S,
  );
  private readonly recordedBytes = this.counter('parley_recording_bytes_total', 'Bytes of recordings that were kept.');
  private readonly failedRecordings = this.counter(
    'parley_recordings_failed_total',
    'Recordings that a fault has ended.',
  );
  private readonly faults = this.counter(
    'parley_deployment_faults_total',
    'Faults of the Jitsi deployment that clients have reported.',
    ['fault'],
  );

  private readonly messages = this.counter('parley_webhook_deliveries_total', 'Attempts to deliver to webhooks.', [
    'result',
  ]);

  /**
   * @param version Of Parley.
   * @param bandwidthMaxBps What one person may receive, bits per second
   */
  constructor(version: string, bandwidthMaxBps: number) {
    collectDefaultMetrics({ register: this.registry });
    // Gauges by a counter's name, which Prometheus' own check refuses.
    for (const kind of ['handles', 'requests', 'resources'])
      this.registry.removeSingleMetric(`nodejs_active_${kind}_total`);
    const build = this.gauge('parley_build_info', 'The running version.', ['version', 'node']);
    build.set({ version, node: process.versions.node }, 1);
    this.gauge('parley_bandwidth_budget_bytes', 'What one person may receive in a second (MAX_BANDWIDTH_BPS).').set(
      bandwidthMaxBps / BITS,
    );
    // A counter that is there from the start shows its first increases.
    for (const result of ['ok', 'unavailable']) this.joins.inc({ result }, 0);
    this.copySample();
    this.copyHub();
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** Everything, in the text format of Prometheus. */
  text(): Promise<string> {
    return this.registry.metrics();
  }

  /** Takes over what has just been looked at. */
  take(sample: SiteSample): void {
    this.sample = sample;
  }

  joined(result: 'ok' | MeetingErrorReason): void {
    this.joins.inc({ result });
    if (result === 'full') this.seatsRefused.inc();
  }

  /** A client has told how it fares. */
  reported({ poseAgeMs, poseLostShare, joinedAfterMs, reconnects = [] }: ClientReport): void {
    if (poseAgeMs !== undefined) this.poseAge.observe(poseAgeMs * S_PER_MS);
    if (poseLostShare !== undefined) this.poseLost.observe(poseLostShare);
    if (joinedAfterMs !== undefined) this.joinDuration.observe(joinedAfterMs * S_PER_MS);
    for (const { kind, tookMs } of reconnects) {
      this.reconnects.inc({ kind });
      this.reconnectDuration.observe(tookMs * S_PER_MS);
    }
  }

  /** A segment of a recording was kept. */
  recorded(sizeBytes: number): void {
    this.recordedBytes.inc(sizeBytes);
  }

  /** A recording was ended by a fault. */
  recordingFailed(): void {
    this.failedRecordings.inc();
  }

  faultReported(fault: DeploymentFault): void {
    this.faults.inc({ fault });
  }

  /** An attempt to deliver a message has ended. */
  messageHandled(result: string): void {
    this.messages.inc({ result });
  }

  private copySample(): void {
    this.copied('parley_database_up', 'Whether the database answers (1) or not (0).', ({ isDatabaseUp }) =>
      Number(isDatabaseUp),
    );
    this.copied('parley_meetings', 'Meetings with somebody in them.', ({ census }) => census?.meetings);
    const people = this.gauge('parley_participants', 'People in meetings, by role.', ['role'], () => {
      const census = this.sample?.census;
      people.reset();
      if (!census) return;
      people.set({ role: 'participant' }, census.participants);
      people.set({ role: 'spectator' }, census.spectators);
    });
    this.copied('parley_webhook_queue_depth', 'Messages on their way to webhooks.', (sample) => sample.messagesQueued);
    this.copied('parley_webhook_oldest_age_seconds', 'Age of the oldest message on its way.', (sample) =>
      sample.oldestMessageAtMs === null ? 0 : (Date.now() - sample.oldestMessageAtMs) * S_PER_MS,
    );
    this.copied('parley_recordings', 'Recordings under way.', ({ recordings }) => recordings);
    this.copied('parley_disk_free_bytes', 'Bytes free on the disk of DATA_DIR.', ({ diskFreeBytes }) => diskFreeBytes);
  }

  /** Absent with a Jitsi deployment, whose bridge and focus have metrics of their own. */
  private copyHub(): void {
    const restarts: Counter = new Counter({
      name: 'parley_hub_restarts_total',
      help: 'Times that the hub ended and was started again.',
      registers: [this.registry],
      collect: () => {
        restarts.reset();
        restarts.inc(this.sample?.hubRestarts ?? 0);
      },
    });
    this.copied('parley_hub_up', 'Whether the embedded hub takes connections.', ({ isHubUp }) =>
      isHubUp === null ? null : Number(isHubUp),
    );
    this.copied(
      'parley_hub_sessions',
      'XMPP sessions of the hub, with those waiting to be resumed.',
      ({ hub }) => hub?.sessions,
    );
    this.copied('parley_hub_channels', 'Open bridge channels of the hub.', ({ hub }) => hub?.channels);
    this.copiedCounter('parley_pose_messages_total', 'Messages on bridge channels of the hub.', 'direction', (hub) => ({
      in: hub.messagesIn,
      out: hub.messagesOut,
    }));
    this.copiedCounter('parley_channel_bytes_total', 'Bytes on bridge channels of the hub.', 'direction', (hub) => ({
      in: hub.bytesIn,
      out: hub.bytesOut,
    }));
    this.copiedCounter('parley_pose_dropped_total', 'What the hub dropped, by reason.', 'reason', (hub) => hub.dropped);
    this.copiedCounter('parley_media_packets_total', 'RTP packets of the hub.', 'direction', ({ media }) =>
      media ? { in: media.rtpPacketsIn, out: media.rtpPacketsOut } : NO_MEDIA,
    );
    this.copiedCounter('parley_media_bytes_total', 'Bytes of RTP of the hub.', 'direction', ({ media }) =>
      media ? { in: media.rtpBytesIn, out: media.rtpBytesOut } : NO_MEDIA,
    );
    this.copiedCounter(
      'parley_media_dropped_total',
      'RTP packets the hub dropped, by reason.',
      'reason',
      ({ media }) => media?.rtpDropped ?? NOTHING,
    );
  }

  private counter<Label extends string>(name: string, help: string, labelNames: readonly Label[] = []): Counter<Label> {
    return new Counter({ name, help, labelNames: [...labelNames], registers: [this.registry] });
  }

  private histogram(name: string, help: string, buckets: readonly number[]): Histogram {
    return new Histogram({ name, help, buckets: [...buckets], registers: [this.registry] });
  }

  private gauge<Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[] = [],
    collect?: () => void,
  ): Gauge<Label> {
    return new Gauge({
      name,
      help,
      labelNames: [...labelNames],
      registers: [this.registry],
      ...(collect && { collect }),
    });
  }

  /** A gauge of one number in the sample, absent while that is not known. */
  private copied(name: string, help: string, read: (sample: SiteSample) => number | null | undefined): void {
    const gauge = this.gauge(name, help, [], () => {
      const value = this.sample && read(this.sample);
      if (value === null || value === undefined) gauge.remove();
      else gauge.set(value);
    });
  }

  /** A counter that the hub counts, by one label. A hub that starts again begins at 0, as counters may. */
  private copiedCounter(
    name: string,
    help: string,
    label: string,
    read: (hub: HubStats) => Readonly<Record<string, number>>,
  ): void {
    const counter: Counter = new Counter({
      name,
      help,
      labelNames: [label],
      registers: [this.registry],
      collect: () => {
        counter.reset();
        const hub = this.sample?.hub;
        if (!hub) return;
        for (const [key, value] of Object.entries(read(hub))) counter.inc({ [label]: key }, value);
      },
    });
  }
}
