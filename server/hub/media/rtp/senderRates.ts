import { TokenBucket } from '@/server/limits/tokenBuckets';
import type { MediaKind } from '../mediaContract';

/** Most bits of video a sender may send a second, told to it and enforced with some slack. */
export const VIDEO_BITS_PER_SECOND = 2_500_000;

/** Opus sends 50 packets/s; two tracks, or packets of 10 ms, must pass. */
const AUDIO = { packetsPerSecond: 100, bytesPerSecond: 40_000 };
const VIDEO = { packetsPerSecond: 400, bytesPerSecond: (VIDEO_BITS_PER_SECOND / 8) * 1.2 };
const RTCP_PACKETS_PER_SECOND = 200;
/** Packets sent to one receiver again, because it asks for them. */
const RESENT_PACKETS_PER_SECOND = 300;
const BURST_SECONDS = 2;

/** Bounds of what one endpoint may send, and have sent again, a second. */
export class SenderRates {
  private readonly packets: Record<MediaKind, TokenBucket>;
  private readonly bytes: Record<MediaKind, TokenBucket>;
  private readonly rtcp: TokenBucket;
  private readonly resent: TokenBucket;

  constructor(nowMs: number) {
    const bucket = (perSecond: number) => new TokenBucket(perSecond, perSecond * BURST_SECONDS, nowMs);
    this.packets = { audio: bucket(AUDIO.packetsPerSecond), video: bucket(VIDEO.packetsPerSecond) };
    this.bytes = { audio: bucket(AUDIO.bytesPerSecond), video: bucket(VIDEO.bytesPerSecond) };
    this.rtcp = bucket(RTCP_PACKETS_PER_SECOND);
    this.resent = bucket(RESENT_PACKETS_PER_SECOND);
  }

  admitsRtp(kind: MediaKind, sizeBytes: number, nowMs: number): boolean {
    return this.packets[kind].tryTake(1, nowMs) && this.bytes[kind].tryTake(sizeBytes, nowMs);
  }

  /** Whether one more packet may be sent to this endpoint again. */
  admitsResend(nowMs: number): boolean {
    return this.resent.tryTake(1, nowMs);
  }

  admitsRtcp(nowMs: number): boolean {
    return this.rtcp.tryTake(1, nowMs);
  }
}
