import type { PoseEncoder } from '@/lib/codec/codec';
import type { Clock } from '@/lib/core/clock';
import type { Tier } from '@/lib/core/meeting';
import { RateMeter } from '@/lib/core/rateMeter';
import type { MotionSource } from '@/lib/motion/motionSource';
import { createPose } from '@/lib/pose/pose';
import { messageBytes } from '@/lib/quality/budget';
import type { QualityChoice } from '@/lib/quality/quality';
import type { Transport } from '@/lib/transport/transport';
import { KeyframePolicy } from './keyframes';

/** What a sender is made of. */
export interface PoseSenderParts {
  readonly source: MotionSource;
  readonly encoder: PoseEncoder;
  readonly transport: Transport;
  readonly quality: SendingQuality;
  readonly clock: Clock;
}

/** How a sender sends. */
export type SendingQuality = Pick<QualityChoice, 'tier' | 'framesPerPacket'>;

/** What came of a tick: a packet left, the codec waits for more frames, or the frame was skipped. */
export type TickOutcome = 'sent' | 'pending' | 'skipped';

/** What a sender has done so far. */
export interface PoseSenderStats {
  /** Frames that left. */
  readonly posesSent: number;
  readonly bytesSent: number;
  /** Frames not encoded because the way was closed or full, and frames lost with a packet that did not leave. */
  readonly skipped: number;
  /** Keyframes that left, because somebody came or asked, or the one before did not leave. */
  readonly keyframes: number;
}

/** Most ticks left out after a packet found the way full; doubles from one up to this. */
const PAUSE_TICKS_MAX = 16;

/** While more waits in one's own channel, frames are skipped: the newest pose is worth more than all that queue (bytes). */
const BACKLOG_SKIP_BYTES = 2048;

const BITS_PER_BYTE = 8;

/**
 * Source -> encoder -> transport, one frame a tick. Frames are skipped before they are encoded, as the codec is stateful:
 * while the channel is closed or full, and for a growing number of ticks after the transport said `backlogged`.
 */
export class PoseSender {
  /** When keyframes are made; told of who comes, goes, speaks and asks by whoever listens to the transport. */
  readonly keyframes: KeyframePolicy;
  private readonly wire = new RateMeter();
  private readonly pose = createPose();
  private readonly encoder: PoseEncoder;
  private readonly transport: Transport;
  private readonly clock: Clock;
  private source: MotionSource;
  private current: SendingQuality;
  private startMs: number;
  private posesSent = 0;
  private bytesSent = 0;
  private skipped = 0;
  private keyframesSent = 0;
  private isKeyframeUnderWay = false;
  private pendingFrames = 0;
  private pauseTicks = 0;
  private nextPauseTicks = 1;

  constructor(parts: PoseSenderParts) {
    this.encoder = parts.encoder;
    this.transport = parts.transport;
    this.clock = parts.clock;
    this.source = parts.source;
    this.startMs = parts.clock.nowMs();
    this.keyframes = new KeyframePolicy(parts.clock);
    this.current = parts.quality;
    this.setQuality(parts.quality);
  }

  get tier(): Tier {
    return this.current.tier;
  }

  get framesPerPacket(): number {
    return this.current.framesPerPacket;
  }

  /** The clock's time at which the present source began. */
  get sourceStartMs(): number {
    return this.startMs;
  }

  get stats(): PoseSenderStats {
    const { posesSent, bytesSent, skipped, keyframesSent: keyframes } = this;
    return { posesSent, bytesSent, skipped, keyframes };
  }

  /** What one's own poses take on the wire at one receiver, modelled by `messageBytes`, bits a second. */
  get wireBps(): number {
    return this.wire.perSecondOfWindow(this.clock.nowMs()) * BITS_PER_BYTE;
  }

  /** Changes compression and frames a packet; whoever calls `tick` changes the rate. */
  setQuality(quality: SendingQuality): void {
    this.current = quality;
    this.encoder.compression = quality.tier.compression;
    this.encoder.framesPerPacket = quality.framesPerPacket;
  }

  /** Lets another source move the body, from its beginning. */
  setSource(source: MotionSource): void {
    this.source = source;
    this.startMs = this.clock.nowMs();
  }

  /** Sends the pose of this moment, or skips it. Never throws; of its own it allocates nothing. */
  tick(): TickOutcome {
    if (!this.isWayOpen()) {
      this.skipped += 1;
      return 'skipped';
    }
    if (this.keyframes.isDue()) this.beginKeyframe();
    // Whole milliseconds, as packets carry them, so that pose and time belong together exactly.
    const timeMs = Math.round(this.clock.nowMs());
    this.source.sample(timeMs - this.startMs, this.pose);
    this.pendingFrames += 1;
    const sizeBytes = this.encoder.encode(this.pose, timeMs);
    return sizeBytes === 0 ? 'pending' : this.send(sizeBytes);
  }

  private isWayOpen(): boolean {
    if (!this.transport.isChannelOpen) return false;
    if (this.pauseTicks === 0) return (this.transport.backlogBytes ?? 0) <= BACKLOG_SKIP_BYTES;
    this.pauseTicks -= 1;
    return false;
  }

  /** The encoder leaves out the frames that still waited to fill a packet. */
  private beginKeyframe(): void {
    this.skipped += this.pendingFrames;
    this.pendingFrames = 0;
    this.isKeyframeUnderWay = true;
    this.encoder.requestKeyframe();
  }

  private send(sizeBytes: number): TickOutcome {
    const outcome = this.transport.broadcast(this.encoder.packet, sizeBytes);
    const frames = this.pendingFrames;
    this.pendingFrames = 0;
    if (outcome === 'sent') {
      this.noteSent(frames, sizeBytes);
      return 'sent';
    }
    this.skipped += frames;
    this.keyframes.need();
    if (outcome === 'backlogged') this.pause();
    return 'skipped';
  }

  private noteSent(frames: number, sizeBytes: number): void {
    this.posesSent += frames;
    this.bytesSent += sizeBytes;
    this.wire.note(this.clock.nowMs(), messageBytes(sizeBytes));
    this.nextPauseTicks = 1;
    if (!this.isKeyframeUnderWay) return;
    this.isKeyframeUnderWay = false;
    this.keyframesSent += 1;
    this.keyframes.sent();
  }

  private pause(): void {
    this.pauseTicks = this.nextPauseTicks;
    this.nextPauseTicks = Math.min(PAUSE_TICKS_MAX, this.nextPauseTicks * 2);
  }
}
