/** What the rules look at. A figure that is not known is null, and fires nothing. */
export interface AlertFacts {
  /** p95 over the last minute of what clients reported; null with too few reports. */
  readonly poseAgeMs: number | null;
  /** Requests to join in the last five minutes: those that the site itself failed, and all. */
  readonly joins: { readonly failed: number; readonly all: number };
  /** Requests for a seat in a full meeting in the last minute. */
  readonly seatsRefused: number;
  /** p99 since the last look. */
  readonly eventLoopLagMs: number;
  readonly isDatabaseUp: boolean;
  readonly diskFreeBytes: number | null;
  /** What one person receives from the hub on average, and may receive. */
  readonly receivedBps: number | null;
  readonly bandwidthMaxBps: number;
  /** In the last five minutes. */
  readonly recorderFailures: number;
  /** In the last five minutes. */
  readonly hubRestarts: number;
  /** Age of the oldest message that could not be delivered yet; null if there is none. */
  readonly oldestMessageMs: number | null;
}

export type AlertName =
  | 'PoseAgeHigh'
  | 'JoinsFailing'
  | 'EventLoopLag'
  | 'DatabaseAway'
  | 'DiskLow'
  | 'MeetingFull'
  | 'BandwidthOverBudget'
  | 'RecorderStopped'
  | 'WebhookQueueOld'
  | 'HubRestarted';

export interface AlertRule {
  readonly name: AlertName;
  readonly severity: 'info' | 'warning' | 'critical';
  /** How long it must hold before it is told, ms. */
  readonly forMs: number;
  /** What is wrong, in one sentence for an operator. */
  readonly summary: string;
  /** What it holds by; null if it does not hold. */
  find(facts: AlertFacts): string | null;
}

const POSE_AGE_MAX_MS = 500;
const LAG_MAX_MS = 200;
const DISK_MIN_BYTES = 1_000_000_000;
const JOINS_FAILED_MIN = 3;
const JOINS_FAILED_SHARE = 0.05;
const MESSAGE_OLD_MS = 600_000;

const ms = (value: number) => `${Math.round(value)} ms`;

/** The same rules as `deploy/prometheus/rules.yml`, for those who run no Prometheus. */
export const ALERT_RULES: readonly AlertRule[] = [
  {
    name: 'PoseAgeHigh',
    severity: 'warning',
    forMs: 30_000,
    summary: 'People see others move late.',
    find: ({ poseAgeMs }) =>
      poseAgeMs !== null && poseAgeMs > POSE_AGE_MAX_MS
        ? `pose age p95 ${ms(poseAgeMs)} > ${ms(POSE_AGE_MAX_MS)}`
        : null,
  },
  {
    name: 'JoinsFailing',
    severity: 'critical',
    forMs: 0,
    summary: 'People can’t join because of a fault of the site.',
    find: ({ joins: { failed, all } }) =>
      failed >= JOINS_FAILED_MIN && failed > all * JOINS_FAILED_SHARE
        ? `${failed} of ${all} joins in five minutes`
        : null,
  },
  {
    name: 'EventLoopLag',
    severity: 'warning',
    forMs: 30_000,
    summary: 'The process that serves pages and API is too busy.',
    find: ({ eventLoopLagMs }) => (eventLoopLagMs > LAG_MAX_MS ? `event-loop lag p99 ${ms(eventLoopLagMs)}` : null),
  },
  {
    name: 'DatabaseAway',
    severity: 'critical',
    forMs: 5_000,
    summary: 'The database can’t be reached: meetings go on, but no one can join.',
    find: ({ isDatabaseUp }) => (isDatabaseUp ? null : 'the database does not answer'),
  },
  {
    name: 'DiskLow',
    severity: 'warning',
    forMs: 60_000,
    summary: 'The disk of DATA_DIR is nearly full.',
    find: ({ diskFreeBytes }) =>
      diskFreeBytes !== null && diskFreeBytes < DISK_MIN_BYTES
        ? `${Math.floor(diskFreeBytes / 1e6)} MB are free`
        : null,
  },
  {
    name: 'MeetingFull',
    severity: 'info',
    forMs: 0,
    summary: 'Somebody found no seat in a meeting.',
    find: ({ seatsRefused }) => (seatsRefused > 0 ? `${seatsRefused} in the last minute` : null),
  },
  {
    name: 'BandwidthOverBudget',
    severity: 'warning',
    forMs: 30_000,
    summary: 'People receive more than MAX_BANDWIDTH_BPS.',
    find: ({ receivedBps, bandwidthMaxBps }) =>
      receivedBps !== null && receivedBps > bandwidthMaxBps
        ? `${Math.round(receivedBps / 1000)} kbps a person > ${Math.round(bandwidthMaxBps / 1000)} kbps`
        : null,
  },
  {
    name: 'RecorderStopped',
    severity: 'critical',
    forMs: 0,
    summary: 'A recording ended by a fault.',
    find: ({ recorderFailures }) => (recorderFailures > 0 ? `${recorderFailures} in five minutes` : null),
  },
  {
    name: 'WebhookQueueOld',
    severity: 'warning',
    forMs: 0,
    summary: 'Messages to a webhook can’t be delivered.',
    find: ({ oldestMessageMs }) =>
      oldestMessageMs !== null && oldestMessageMs > MESSAGE_OLD_MS
        ? `the oldest waits for ${Math.round(oldestMessageMs / 60_000)} minutes`
        : null,
  },
  {
    name: 'HubRestarted',
    severity: 'warning',
    forMs: 0,
    summary: 'The hub ended and was started again.',
    find: ({ hubRestarts }) => (hubRestarts > 0 ? `${hubRestarts} in five minutes` : null),
  },
];
