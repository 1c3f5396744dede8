import { TokenBucket } from '@/server/limits/tokenBuckets';
import type { HubLimits } from '../hubLimits';

/** What becomes of a sender's message: it passes, it is dropped, or the sender has gone too far for too long. */
export type SenderVerdict = 'pass' | 'drop' | 'abuse';

/** Two drops further apart than this belong to two bouts. */
const BOUT_GAP_MS = 2_000;

type SenderLimits = Pick<
  HubLimits,
  'channelMessagesPerSecond' | 'channelBytesPerSecond' | 'channelBurstSeconds' | 'channelAbuseMs'
>;

/** The rate limit of one endpoint's messages. It outlives the endpoint's sockets. */
export class SenderLimit {
  private readonly messages: TokenBucket;
  private readonly bytes: TokenBucket;
  private boutSinceMs = Number.NEGATIVE_INFINITY;
  private droppedAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly limits: SenderLimits,
    nowMs: number,
  ) {
    const { channelMessagesPerSecond, channelBytesPerSecond, channelBurstSeconds } = limits;
    this.messages = new TokenBucket(channelMessagesPerSecond, channelMessagesPerSecond * channelBurstSeconds, nowMs);
    this.bytes = new TokenBucket(channelBytesPerSecond, channelBytesPerSecond * channelBurstSeconds, nowMs);
  }

  /** Judges a message of `sizeBytes`. After `abuse` a new bout begins. */
  judge(sizeBytes: number, nowMs: number): SenderVerdict {
    if (this.messages.tryTake(1, nowMs) && this.bytes.tryTake(sizeBytes, nowMs)) return 'pass';
    if (nowMs - this.droppedAtMs > BOUT_GAP_MS) this.boutSinceMs = nowMs;
    this.droppedAtMs = nowMs;
    if (nowMs - this.boutSinceMs < this.limits.channelAbuseMs) return 'drop';
    this.droppedAtMs = Number.NEGATIVE_INFINITY;
    return 'abuse';
  }
}
