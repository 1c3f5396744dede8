import type { Clock } from '@/lib/core/clock';
import { TokenBucket } from '@/server/limits/tokenBuckets';
import type { HubLimits } from '../hubLimits';

type RateLimits = Pick<
  HubLimits,
  | 'stanzasPerSecond'
  | 'stanzaBurst'
  | 'stanzaBytesPerSecond'
  | 'stanzaBurstBytes'
  | 'relayedBytesPerSecond'
  | 'relayedBurstBytes'
  | 'entriesPerSecond'
  | 'entryBurst'
>;

/**
 * How much a client may send, and have relayed to the others of its room. It belongs to the session and outlives its
 * sockets: a client that resumes gets no fresh rate.
 */
export class StanzaRate {
  private readonly stanzas: TokenBucket;
  private readonly bytes: TokenBucket;
  private readonly relayed: TokenBucket;
  private readonly entries: TokenBucket;

  constructor(
    limits: RateLimits,
    private readonly clock: Clock,
  ) {
    const nowMs = clock.nowMs();
    this.stanzas = new TokenBucket(limits.stanzasPerSecond, limits.stanzaBurst, nowMs);
    this.bytes = new TokenBucket(limits.stanzaBytesPerSecond, limits.stanzaBurstBytes, nowMs);
    this.relayed = new TokenBucket(limits.relayedBytesPerSecond, limits.relayedBurstBytes, nowMs);
    this.entries = new TokenBucket(limits.entriesPerSecond, limits.entryBurst, nowMs);
  }

  /** Whether a frame of `sizeBytes` may be read. */
  admits(sizeBytes: number): boolean {
    const nowMs = this.clock.nowMs();
    return this.stanzas.tryTake(1, nowMs) && this.bytes.tryTake(sizeBytes, nowMs);
  }

  /** Whether `sizeBytes` may go to each of the others. */
  admitsRelay(sizeBytes: number): boolean {
    return this.relayed.tryTake(sizeBytes, this.clock.nowMs());
  }

  /** Whether it may enter a room, which makes the client of each of the others ask who that is. */
  admitsEntry(): boolean {
    return this.entries.tryTake(1, this.clock.nowMs());
  }
}
