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

interface PoseSenderParts {
  readonly source: MotionSource;
  readonly encoder: PoseEncoder;
  readonly transport: Transport;
  readonly quality: SendingQuality;
  readonly clock: Clock;
}

/** What a sender sends with. */
export type SendingQuality = Pick<QualityChoice, 'tier' | 'framesPerPacket'>;

/** The outcome of a tick: a packet was sent, the codec waits for more frames, or the frame was skipped. */
export type TickOutcome = 'sent' | 'pending' | 'skipped';

/** What a sender has sent so far. */
export interface PoseSenderStats {
  /** Frames sent. */
  readonly posesSent: number;
  readonly bytesSent: number;
  /** Frames not encoded because the channel was closed or full, and frames of packets that could not be sent. */
  readonly skipped: number;
  /** Keyframes sent because an endpoint joined or asked, or because the packet before could not be sent. */
  readonly keyframes: number;
}

/** Longest pause after a packet found the channel full, in ticks; pauses double from one up to this. */
const PAUSE_TICKS_MAX = 16;

/** While more bytes wait in the local channel, frames are skipped: the newest pose is worth more than a queue of old ones. */
const BACKLOG_SKIP_BYTES = 2048;

const BITS_PER_BYTE = 8;

/**
 * Source -> encoder -> transport, one frame a tick. The codec is stateful, so frames are skipped before they are encoded:
 * while the channel is closed or full, and for a growing number of ticks after the transport reported `backlogged`.
 */
export class PoseSender {
  /** Decides when keyframes are made. The owner tells it which endpoints join, leave, send and ask. */
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
  private isKeyframePending = false;
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

  /** When the current source started, on the sender's clock. */
  get sourceStartMs(): number {
    return this.startMs;
  }

  get stats(): PoseSenderStats {
    const { posesSent, bytesSent, skipped, keyframesSent: keyframes } = this;
    return { posesSent, bytesSent, skipped, keyframes };
  }

  /** What the local poses take on the wire at one receiver, modelled by `messageBytes`, bits a second. */
  get wireBps(): number {
    return this.wire.perSecondOfWindow(this.clock.nowMs()) * BITS_PER_BYTE;
  }

  /** Changes compression and frames per packet; the rate is that of the calls to `tick`. */
  setQuality(quality: SendingQuality): void {
    this.current = quality;
    this.encoder.compression = quality.tier.compression;
    this.encoder.framesPerPacket = quality.framesPerPacket;
  }

  /** Replaces the source; the new one starts at its beginning. */
  setSource(source: MotionSource): void {
    this.source = source;
    this.startMs = this.clock.nowMs();
  }

  /** Sends the current pose, or skips it. Never throws and allocates nothing itself. */
  tick(): TickOutcome {
    if (!this.isChannelReady()) {
      this.skipped += 1;
      return 'skipped';
    }
    if (this.keyframes.isDue()) this.beginKeyframe();
    // Whole milliseconds, as packets carry them, so that pose and time match exactly.
    const timeMs = Math.round(this.clock.nowMs());
    this.source.sample(timeMs - this.startMs, this.pose);
    this.pendingFrames += 1;
    const sizeBytes = this.encoder.encode(this.pose, timeMs);
    return sizeBytes === 0 ? 'pending' : this.send(sizeBytes);
  }

  private isChannelReady(): boolean {
    if (!this.transport.isChannelOpen) return false;
    if (this.pauseTicks === 0) return (this.transport.backlogBytes ?? 0) <= BACKLOG_SKIP_BYTES;
    this.pauseTicks -= 1;
    return false;
  }

  /** The encoder drops the frames that still waited to fill a packet. */
  private beginKeyframe(): void {
    this.skipped += this.pendingFrames;
    this.pendingFrames = 0;
    this.isKeyframePending = true;
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
    if (!this.isKeyframePending) return;
    this.isKeyframePending = false;
    this.keyframesSent += 1;
    this.keyframes.sent();
  }

  private pause(): void {
    this.pauseTicks = this.nextPauseTicks;
    this.nextPauseTicks = Math.min(PAUSE_TICKS_MAX, this.nextPauseTicks * 2);
  }
}
