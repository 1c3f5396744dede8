import { ARKIT_COUNT } from '@/lib/pose/arkit';
import { BONE_PARTS } from '@/lib/pose/boneParts';
import { BONE_COUNT } from '@/lib/pose/bones';
import {
  ALL_PARTS,
  createPose,
  FACE_OFFSET,
  GAZE_OFFSET,
  HIPS_OFFSET,
  type Pose,
  PosePart,
  ROTATIONS_OFFSET,
  resetPose,
} from '@/lib/pose/pose';
import { FACE_CHANNEL, GAZE_CHANNEL, ROTATION_CHANNEL, UNIT_COUNT } from './channels';
import { type DecodeFailure, type FrameSink, PACKET_MAX_BYTES, type PoseDecoder } from './codec';
import { blendAt } from './lattice';
import { MotionLimiter } from './motionLimiter';
import {
  aheadOf,
  compressionOf,
  FRAMES_MAX,
  framesOf,
  HEADER_BYTES,
  hasVersion,
  isKeyframe,
  KEYFRAME_HEADER_BYTES,
  partsOf,
  SEQUENCES,
  sequenceOf,
  timeOf,
} from './packetHeader';
import { PoseStream } from './poseStream';
import { RangeCoder } from './rangeCoder';
import { exactRotation } from './rotationMap';
import { COMPRESSION_MAX, UNITS_PER_ONE } from './steps';

/** What a whole number in a channel stands for; a constant, so that it is not boxed for each bone. */
const UNIT = 1 / UNITS_PER_ONE;

/** Writes the channels (1/65536) of the parts present to a pose; all other parts rest. */
function writePose(channels: Float64Array, parts: number, pose: Pose): void {
  const { values } = resetPose(pose);
  pose.parts = parts;
  if ((parts & PosePart.hips) !== 0) copyChannels(channels, 0, ROTATION_CHANNEL, values, HIPS_OFFSET);
  for (let bone = 0; bone < BONE_COUNT; bone += 1) {
    if ((parts & BONE_PARTS[bone]!) === 0) continue;
    exactRotation(channels, ROTATION_CHANNEL + bone * 3, UNIT, values, ROTATIONS_OFFSET + bone * 4);
  }
  if ((parts & PosePart.face) !== 0) copyChannels(channels, FACE_CHANNEL, ARKIT_COUNT, values, FACE_OFFSET);
  if ((parts & PosePart.gaze) !== 0) copyChannels(channels, GAZE_CHANNEL, 2, values, GAZE_OFFSET);
}

function copyChannels(channels: Float64Array, from: number, count: number, values: Float32Array, at: number): void {
  for (let k = 0; k < count; k += 1) values[at + k] = channels[from + k]! / UNITS_PER_ONE;
}

/** What is wrong with a packet's header, or null. */
function faultOf(packet: Uint8Array): DecodeFailure | null {
  if (packet.length > PACKET_MAX_BYTES) return 'tooLarge';
  if (packet.length === 0) return 'truncated';
  if (!hasVersion(packet)) return 'unknownVersion';
  const isKey = isKeyframe(packet);
  if (packet.length < (isKey ? KEYFRAME_HEADER_BYTES : HEADER_BYTES)) return 'truncated';
  if (framesOf(packet) > (isKey ? 1 : FRAMES_MAX)) return 'malformed';
  if (!isKey) return null;
  return partsOf(packet) > ALL_PARTS || compressionOf(packet) > COMPRESSION_MAX ? 'malformed' : null;
}

/** Decodes range-coded packets (SPEC.md); each sender needs its own decoder. Decoding allocates nothing. */
export class RangePoseDecoder implements PoseDecoder {
  awaitsKeyframe = true;
  lost = 0;
  /** The state that both sides share. For tests and tools to read, never to change. */
  readonly stream = new PoseStream();
  private readonly coder = new RangeCoder();
  private readonly limiter = new MotionLimiter();
  private readonly pose: Pose = createPose();
  private readonly gapsMs = new Int32Array(FRAMES_MAX);
  private lastSequence = -1;
  /** Time of the newest frame, ms modulo 2^32. */
  private lastMs = 0;

  decode(packet: Uint8Array, sink: FrameSink): DecodeFailure | null {
    const fault = faultOf(packet);
    if (fault) return fault;
    return isKeyframe(packet) ? this.decodeKeyframe(packet, sink) : this.decodeNext(packet, sink);
  }

  private decodeKeyframe(packet: Uint8Array, sink: FrameSink): DecodeFailure | null {
    const sequence = sequenceOf(packet);
    const timeMs = timeOf(packet);
    const isFirst = this.lastSequence < 0;
    const ahead = isFirst ? 1 : aheadOf(this.lastSequence, sequence);
    if (ahead <= 0 && ((timeMs - this.lastMs) | 0) <= 0) return 'stale';
    this.coder.startReading(packet, KEYFRAME_HEADER_BYTES, packet.length);
    this.stream.startKeyframe(timeMs, partsOf(packet), compressionOf(packet));
    if (!this.readAnchor() || !this.isPacketWhole()) return this.fail();
    this.lost += (ahead + SEQUENCES - 1) % SEQUENCES;
    this.lastSequence = sequence;
    this.lastMs = timeMs;
    this.awaitsKeyframe = false;
    this.show(this.stream.lattice.anchor, timeMs, sink);
    return null;
  }

  private decodeNext(packet: Uint8Array, sink: FrameSink): DecodeFailure | null {
    const sequence = sequenceOf(packet);
    if (this.lastSequence < 0) return 'awaitingKeyframe';
    const ahead = aheadOf(this.lastSequence, sequence);
    if (ahead <= 0) return 'stale';
    if (ahead > 1) this.awaitsKeyframe = true;
    if (this.awaitsKeyframe) {
      this.lost += ahead - 1;
      this.lastSequence = sequence;
      return 'awaitingKeyframe';
    }
    const frames = framesOf(packet);
    this.coder.startReading(packet, HEADER_BYTES, packet.length);
    if (!this.readFrames(frames) || !this.isPacketWhole()) return this.fail();
    this.lastSequence = sequence;
    this.showFrames(frames, sink);
    return null;
  }

  /** After half a packet the state is unusable: only a keyframe helps. */
  private fail(): DecodeFailure {
    this.awaitsKeyframe = true;
    return 'malformed';
  }

  private isPacketWhole(): boolean {
    return this.stream.codeCheck(this.coder) && this.coder.isReadWhole;
  }

  private readFrames(frames: number): boolean {
    const { stream, coder } = this;
    stream.startPacket(coder, 0);
    let spanMs = 0;
    for (let k = 0; k < frames; k += 1) {
      const gapMs = stream.codeGap(coder, 0);
      if (gapMs < 0) return false;
      this.gapsMs[k] = gapMs;
      spanMs += gapMs;
    }
    stream.startAnchor(spanMs);
    return this.readAnchor() && this.readBetweens(frames - 1, spanMs);
  }

  private readAnchor(): boolean {
    const { stream, coder } = this;
    for (let unit = 0; unit < UNIT_COUNT; unit += 1) {
      if (!stream.has(unit)) continue;
      if (stream.isFresh(unit)) stream.codeAbsolute(coder, unit);
      else {
        stream.prepareAnchor(unit);
        if (!stream.codeAnchor(coder, unit)) return false;
      }
    }
    return true;
  }

  private readBetweens(count: number, spanMs: number): boolean {
    let afterMs = 0;
    for (let k = 0; k < count; k += 1) {
      afterMs += this.gapsMs[k]!;
      if (!this.readBetween(blendAt(afterMs, spanMs), this.stream.betweens[k]!)) return false;
    }
    return true;
  }

  private readBetween(blend: number, places: Int32Array): boolean {
    const { stream, coder } = this;
    stream.startBetween();
    for (let unit = 0; unit < UNIT_COUNT; unit += 1) {
      if (!stream.has(unit)) continue;
      stream.prepareBetween(unit, blend, places);
      if (!stream.codeBetween(coder, unit, places)) return false;
    }
    return true;
  }

  private showFrames(frames: number, sink: FrameSink): void {
    const { stream } = this;
    for (let k = 0; k < frames; k += 1) {
      this.lastMs = (this.lastMs + this.gapsMs[k]!) >>> 0;
      this.show(k < frames - 1 ? stream.betweens[k]! : stream.lattice.anchor, this.lastMs, sink);
    }
  }

  private show(places: Int32Array, timeMs: number, sink: FrameSink): void {
    const { parts, compression } = this.stream;
    this.limiter.follow(places, compression, parts, timeMs);
    writePose(this.limiter.shown, parts, this.pose);
    sink(this.pose, timeMs);
  }
}
