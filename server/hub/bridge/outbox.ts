import type { HubCounters } from '../hubStats';
import type { OutgoingMessage } from './outgoingMessage';

/** Bounds of what waits for a receiver. */
export interface OutboxLimits {
  /** Bytes that may wait, those on their way included. */
  readonly receiverBacklogMaxBytes: number;
  /** Age at which a waiting message is thrown away. */
  readonly receiverAgeMaxMs: number;
}

/** A message that waits for longer than this gives way to a newer one of the same sender. A short stall costs nothing. */
const SUPERSEDED_AFTER_MS = 100;

/** What waits for one slow receiver, oldest first. Where there is too much, old messages go, so that new ones arrive. */
export class Outbox {
  private waiting: OutgoingMessage[] = [];
  private waitingBytes = 0;

  constructor(
    private readonly limits: OutboxLimits,
    private readonly counters: HubCounters,
  ) {}

  get isEmpty(): boolean {
    return this.waiting.length === 0;
  }

  get sizeBytes(): number {
    return this.waitingBytes;
  }

  /** Adds the newest message. */
  push(message: OutgoingMessage): void {
    this.waiting.push(message);
    this.waitingBytes += message.frame.length;
  }

  /** Throws everything away; nobody is there to miss it. */
  clear(): void {
    this.waiting = [];
    this.waitingBytes = 0;
  }

  /**
   * Takes what may go now, in order: `roomBytes` of it, and one message in any case while nothing is on its way.
   * What is too old, or superseded where not everything can go, is dropped and counted.
   */
  take(roomBytes: number, inFlightBytes: number, nowMs: number): OutgoingMessage[] {
    this.dropStale(nowMs);
    if (this.waitingBytes > roomBytes) {
      this.dropSuperseded(nowMs);
      this.dropOverflow(this.limits.receiverBacklogMaxBytes - inFlightBytes);
    }
    return this.shift(this.fitting(roomBytes, inFlightBytes === 0));
  }

  private fitting(roomBytes: number, isIdle: boolean): number {
    let count = 0;
    let leftBytes = roomBytes;
    for (const { frame } of this.waiting) {
      leftBytes -= frame.length;
      if (leftBytes < 0 && !(isIdle && count === 0)) break;
      count += 1;
    }
    return count;
  }

  private dropStale(nowMs: number): void {
    const oldestMs = nowMs - this.limits.receiverAgeMaxMs;
    let count = 0;
    for (const { atMs } of this.waiting) {
      if (atMs >= oldestMs) break;
      count += 1;
    }
    if (count > 0) this.counters.drop('stale', this.shift(count).length);
  }

  private dropSuperseded(nowMs: number): void {
    const newest = new Map<unknown, OutgoingMessage>();
    for (const message of this.waiting) if (message.isReplaceable) newest.set(message.from, message);
    const oldestMs = nowMs - SUPERSEDED_AFTER_MS;
    const kept = this.waiting.filter(
      (message) => !message.isReplaceable || message.atMs >= oldestMs || newest.get(message.from) === message,
    );
    if (kept.length === this.waiting.length) return;
    this.counters.drop('slowReceiver', this.waiting.length - kept.length);
    this.waiting = kept;
    this.waitingBytes = sizeOf(kept);
  }

  private dropOverflow(maxBytes: number): void {
    let count = 0;
    let leftBytes = this.waitingBytes;
    while (leftBytes > maxBytes && count < this.waiting.length) {
      leftBytes -= (this.waiting[count] as OutgoingMessage).frame.length;
      count += 1;
    }
    if (count > 0) this.counters.drop('slowReceiver', this.shift(count).length);
  }

  private shift(count: number): OutgoingMessage[] {
    const taken = this.waiting.splice(0, count);
    this.waitingBytes -= sizeOf(taken);
    return taken;
  }
}

function sizeOf(messages: readonly OutgoingMessage[]): number {
  let bytes = 0;
  for (const { frame } of messages) bytes += frame.length;
  return bytes;
}
