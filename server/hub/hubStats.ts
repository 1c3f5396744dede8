import type { MediaStats } from './media/mediaContract';

/** Why the hub dropped something. */
const DROP_REASONS = [
  'spectator',
  'spectatorStats',
  'spectatorStanza',
  'tooLarge',
  'binary',
  'malformed',
  'unknownClass',
  'unknownRecipient',
  'rateExceeded',
  'slowReceiver',
  'stale',
  'malformedJingle',
  'sourceRefused',
  'candidateRefused',
  'malformedStanza',
  'stanzaRateExceeded',
  'stanzaNotRelayed',
  'hoarded',
] as const;

export type DropReason = (typeof DROP_REASONS)[number];

/** Counts since the hub started, and current figures (`rooms`, `sessions`, `channels`). */
export interface HubStats {
  readonly rooms: number;
  /** XMPP sessions, including those waiting to be resumed. */
  readonly sessions: number;
  /** Open bridge channels. */
  readonly channels: number;
  /** Messages that arrived on bridge channels, including dropped ones. */
  readonly messagesIn: number;
  readonly messagesOut: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** The most bytes that wait for one receiver, including those in flight. */
  readonly largestBacklogBytes: number;
  /** Null if the hub carries no media. */
  readonly media: MediaStats | null;
  readonly dropped: Readonly<Record<DropReason, number>>;
}

/** The counters behind {@link HubStats}. Hot code adds to the fields directly. */
export class HubCounters {
  messagesIn = 0;
  messagesOut = 0;
  bytesIn = 0;
  bytesOut = 0;
  readonly dropped = Object.fromEntries(DROP_REASONS.map((reason) => [reason, 0])) as Record<DropReason, number>;

  /** Counts messages handed to a receiver. */
  sent(count: number, sizeBytes: number): void {
    this.messagesOut += count;
    this.bytesOut += sizeBytes;
  }

  drop(reason: DropReason, count = 1): void {
    this.dropped[reason] += count;
  }
}
