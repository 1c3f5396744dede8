import type { MediaStats } from './media/mediaContract';

/** Why the hub threw something away. */
export const DROP_REASONS = [
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
] as const;

export type DropReason = (typeof DROP_REASONS)[number];

/** Figures since the hub began (counts) and of this moment (`rooms`, `sessions`, `channels`). */
export interface HubStats {
  readonly rooms: number;
  /** XMPP sessions, those waiting to be resumed included. */
  readonly sessions: number;
  /** Open bridge channels. */
  readonly channels: number;
  /** Messages that came in on bridge channels, dropped ones included. */
  readonly messagesIn: number;
  readonly messagesOut: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** The most bytes that wait for one receiver, those on their way to it included. */
  readonly largestBacklogBytes: number;
  /** Null where the hub carries no media. */
  readonly media: MediaStats | null;
  readonly dropped: Readonly<Record<DropReason, number>>;
}

/** The counters behind {@link HubStats}; hot code adds to the fields directly. */
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
