import type { PoseEncoder } from '@/lib/codec/codec';
import type { Clock } from '@/lib/core/clock';
import type { Tier } from '@/lib/core/meeting';
import type { MotionSource } from '@/lib/motion/motionSource';
import { createPose } from '@/lib/pose/pose';
import type { Transport } from '@/lib/transport/transport';

/** What a sender is made of. */
export interface PoseSenderParts {
  readonly source: MotionSource;
  readonly encoder: PoseEncoder;
  readonly transport: Transport;
  readonly tier: Tier;
  readonly clock: Clock;
}

/** What came of a tick: a packet left, the codec waits for more frames, or the frame was skipped. */
export type TickOutcome = 'sent' | 'pending' | 'skipped';

/** What a sender has done so far. */
export interface PoseSenderStats {
  /** Frames that left. */
  readonly posesSent: number;
  readonly bytesSent: number;
  /** Frames not encoded because the way was closed or full, and frames lost with a packet that did not leave. */
  readonly skipped: number;
}

/** Most ticks left out after a packet found the way full; doubles from one up to this. */
const PAUSE_TICKS_MAX = 16;

/**
 * Source -> encoder -> transport, one frame a tick. Frames are skipped before they are encoded, as the codec may be
 * stateful: while the transport is not live, and for a growing number of ticks after it said `backlogged`.
 */
export class PoseSender {
  private readonly pose = createPose();
  private readonly encoder: PoseEncoder;
  private readonly transport: Transport;
  private readonly clock: Clock;
  private source: MotionSource;
  private currentTier: Tier;
  private startMs: number;
  private posesSent = 0;
  private bytesSent = 0;
  private skipped = 0;
  private pendingFrames = 0;
  private pauseTicks = 0;
  private nextPauseTicks = 1;

  constructor(parts: PoseSenderParts) {
    this.encoder = parts.encoder;
    this.transport = parts.transport;
    this.clock = parts.clock;
    this.source = parts.source;
    this.startMs = parts.clock.nowMs();
    this.currentTier = parts.tier;
    this.encoder.compression = parts.tier.compression;
  }

  get tier(): Tier {
    return this.currentTier;
  }

  /** The clock's time at which the present source began. */
  get sourceStartMs(): number {
    return this.startMs;
  }

  get stats(): PoseSenderStats {
    return { posesSent: this.posesSent, bytesSent: this.bytesSent, skipped: this.skipped };
  }

  /** Changes the compression; whoever calls `tick` changes the rate. */
  setTier(tier: Tier): void {
    this.currentTier = tier;
    this.encoder.compression = tier.compression;
  }

  /** Lets another source move the body, from its beginning. */
  setSource(source: MotionSource): void {
    this.source = source;
    this.startMs = this.clock.nowMs();
  }

  /** Makes the next frame decodable by itself: somebody has joined, or asked. */
  requestKeyframe(): void {
    this.encoder.requestKeyframe();
  }

  /** Sends the pose of this moment, or skips it. Never throws, allocates nothing. */
  tick(): TickOutcome {
    if (!this.isWayOpen()) {
      this.skipped += 1;
      return 'skipped';
    }
    // Whole milliseconds, as packets carry them, so that pose and time belong together exactly.
    const timeMs = Math.round(this.clock.nowMs());
    this.source.sample(timeMs - this.startMs, this.pose);
    this.pendingFrames += 1;
    const sizeBytes = this.encoder.encode(this.pose, timeMs);
    return sizeBytes === 0 ? 'pending' : this.send(sizeBytes);
  }

  private isWayOpen(): boolean {
    if (this.transport.state !== 'live') return false;
    if (this.pauseTicks === 0) return true;
    this.pauseTicks -= 1;
    return false;
  }

  private send(sizeBytes: number): TickOutcome {
    const outcome = this.transport.broadcast(this.encoder.packet, sizeBytes);
    const frames = this.pendingFrames;
    this.pendingFrames = 0;
    if (outcome === 'sent') {
      this.posesSent += frames;
      this.bytesSent += sizeBytes;
      this.nextPauseTicks = 1;
      return 'sent';
    }
    this.skipped += frames;
    this.encoder.requestKeyframe();
    if (outcome === 'backlogged') this.pause();
    return 'skipped';
  }

  private pause(): void {
    this.pauseTicks = this.nextPauseTicks;
    this.nextPauseTicks = Math.min(PAUSE_TICKS_MAX, this.nextPauseTicks * 2);
  }
}
