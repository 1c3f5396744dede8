import type { MediaKind } from '../mediaContract';
import { PacketCache } from './packetCache';
import { ReceptionStats } from './receptionStats';

/** Clock rates of Opus and VP8, in Hz. */
const CLOCK_RATE: Readonly<Record<MediaKind, number>> = { audio: 48_000, video: 90_000 };

/** A key frame is asked for at most this often: it costs the sender many times a common frame. */
const KEY_FRAME_INTERVAL_MS = 500;

/** One RTP source of an endpoint, as the hub receives it. */
export class RtpSource {
  readonly reception: ReceptionStats;
  /** Recent packets; only of video, for in voices a packet that comes late is of no use. */
  readonly cache: PacketCache | null;
  private askedAtMs = Number.NEGATIVE_INFINITY;
  private isWanted = false;

  constructor(
    readonly ssrc: number,
    readonly kind: MediaKind,
  ) {
    this.reception = new ReceptionStats(ssrc, CLOCK_RATE[kind]);
    this.cache = kind === 'video' ? new PacketCache() : null;
  }

  /** A receiver needs a key frame. */
  wantKeyFrame(): void {
    this.isWanted = this.kind === 'video';
  }

  /** Whether to ask for a key frame now. A wish that comes too early is fulfilled later. */
  takeKeyFrameWish(nowMs: number): boolean {
    if (!this.isWanted || nowMs - this.askedAtMs < KEY_FRAME_INTERVAL_MS) return false;
    this.isWanted = false;
    this.askedAtMs = nowMs;
    return true;
  }
}
