import { ALL_PARTS, copyPose, createPose, type Pose } from '@/lib/pose/pose';
import { PACKET_MAX_BYTES, type PoseEncoder } from './codec';
import { FRAME_GAP_MAX_MS } from './frameTimes';
import { FrameWriter } from './frameWriter';
import { blendAt } from './lattice';
import {
  FRAMES_MAX,
  HEADER_BYTES,
  KEYFRAME_HEADER_BYTES,
  SEQUENCES,
  writeHeader,
  writeKeyframeHeader,
} from './packetHeader';
import { PoseStream } from './poseStream';
import { RangeCoder } from './rangeCoder';
import { wholeCompression } from './steps';

/** The gap of a time that goes back or jumps. */
const NO_GAP = -1;

/** The longest time between keyframes, by the frames' times. */
const KEYFRAME_INTERVAL_MS = 5000;

/** Encodes range-coded packets (SPEC.md). Encoding allocates nothing. */
export class RangePoseEncoder implements PoseEncoder {
  compression = 3;
  framesPerPacket = 2;
  readonly packet = new Uint8Array(PACKET_MAX_BYTES);
  /** The state that both sides share. For tests and tools to read, never to change. */
  readonly stream = new PoseStream();
  private readonly coder = new RangeCoder();
  private readonly writer = new FrameWriter(this.stream, this.coder);
  private readonly waiting = Array.from({ length: FRAMES_MAX }, createPose);
  private readonly waitingMs = new Float64Array(FRAMES_MAX);
  /** Time of each waiting frame since the one before. */
  private readonly gapsMs = new Int32Array(FRAMES_MAX);
  private waitingCount = 0;
  private isKeyframeWanted = true;
  private sequence = 0;
  private lastMs = 0;
  private sinceKeyframeMs = 0;

  requestKeyframe(): void {
    this.isKeyframeWanted = true;
  }

  encode(pose: Pose, timeMs: number): number {
    const wholeMs = Number.isFinite(timeMs) ? Math.round(timeMs) : this.lastMs;
    const passedMs = wholeMs - this.lastMs;
    const gapMs = passedMs >= 0 && passedMs <= FRAME_GAP_MAX_MS ? passedMs | 0 : NO_GAP;
    this.lastMs = wholeMs;
    this.sinceKeyframeMs += gapMs;
    if (this.needsKeyframe(gapMs)) return this.writeKeyframe(pose, wholeMs);
    const hasOtherParts = this.waitingCount > 0 && this.waiting[0]!.parts !== (pose.parts & ALL_PARTS);
    const sizeBytes = hasOtherParts ? this.writePacket() : 0;
    this.hold(pose, gapMs);
    if (sizeBytes > 0) return sizeBytes;
    return this.waitingCount >= this.wholeFramesPerPacket() ? this.writePacket() : 0;
  }

  private wholeFramesPerPacket(): number {
    return Math.max(1, Math.min(FRAMES_MAX, Math.round(this.framesPerPacket) || 1));
  }

  private needsKeyframe(gapMs: number): boolean {
    if (this.isKeyframeWanted || gapMs === NO_GAP) return true;
    if (this.waitingCount > 0) return false;
    if (wholeCompression(this.compression) !== this.stream.compression) return true;
    // The next chance for a keyframe is the packet after this one.
    return this.sinceKeyframeMs + gapMs * this.wholeFramesPerPacket() > KEYFRAME_INTERVAL_MS;
  }

  private hold(pose: Pose, gapMs: number): void {
    const slot = this.waiting[this.waitingCount]!;
    copyPose(pose, slot).parts &= ALL_PARTS;
    this.waitingMs[this.waitingCount] = this.lastMs;
    this.gapsMs[this.waitingCount] = gapMs;
    this.waitingCount += 1;
  }

  private writeKeyframe(pose: Pose, timeMs: number): number {
    const { stream, coder, packet } = this;
    const parts = pose.parts & ALL_PARTS;
    const compression = wholeCompression(this.compression);
    const wireMs = (timeMs % 2 ** 32) >>> 0;
    writeKeyframeHeader(packet, this.sequence, wireMs, parts, compression);
    stream.startKeyframe(wireMs, parts, compression);
    coder.startWriting(packet, KEYFRAME_HEADER_BYTES, packet.length);
    this.writer.writeAnchor(pose);
    this.isKeyframeWanted = false;
    this.sinceKeyframeMs = this.lastMs - timeMs;
    return this.finishPacket();
  }

  /** Writes the waiting frames; where they don't fit into a packet, only the newest one, as a keyframe. */
  private writePacket(): number {
    const { stream, coder, packet } = this;
    const newest = this.waitingCount - 1;
    writeHeader(packet, this.sequence, this.waitingCount);
    coder.startWriting(packet, HEADER_BYTES, packet.length);
    stream.startPacket(coder, this.waiting[newest]!.parts);
    const spanMs = this.writeGaps();
    stream.startAnchor(spanMs);
    this.writer.writeAnchor(this.waiting[newest]!);
    let afterMs = 0;
    for (let k = 0; k < newest; k += 1) {
      afterMs += this.gapsMs[k]!;
      this.writer.writeBetween(this.waiting[k]!, blendAt(afterMs, spanMs), stream.betweens[k]!);
    }
    const sizeBytes = this.finishPacket();
    return sizeBytes > 0 ? sizeBytes : this.writeKeyframe(this.waiting[newest]!, this.waitingMs[newest]!);
  }

  /** Codes the gaps of the waiting frames and returns their sum. */
  private writeGaps(): number {
    let spanMs = 0;
    for (let k = 0; k < this.waitingCount; k += 1) {
      this.stream.codeGap(this.coder, this.gapsMs[k]!);
      spanMs += this.gapsMs[k]!;
    }
    return spanMs;
  }

  /** Ends the packet and returns its length; 0 where it is too long, and then a keyframe must come next. */
  private finishPacket(): number {
    this.stream.codeCheck(this.coder);
    const sizeBytes = this.coder.finishWriting();
    this.waitingCount = 0;
    if (this.coder.isOverfull) {
      this.isKeyframeWanted = true;
      return 0;
    }
    this.sequence = (this.sequence + 1) % SEQUENCES;
    return sizeBytes;
  }
}
