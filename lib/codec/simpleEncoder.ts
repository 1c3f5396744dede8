import { ARKIT_COUNT } from '@/lib/pose/arkit';
import { BONE_PARTS } from '@/lib/pose/boneParts';
import {
  ALL_PARTS,
  FACE_OFFSET,
  GAZE_OFFSET,
  HIPS_OFFSET,
  type Pose,
  PosePart,
  ROTATIONS_OFFSET,
} from '@/lib/pose/pose';
import { BitWriter } from './bits';
import { PACKET_MAX_BYTES, type PoseEncoder } from './codec';
import {
  bitsOfCompression,
  FACE_STEPS,
  GAZE_STEPS_PER_RAD,
  HEADER,
  HIPS_STEPS_PER_M,
  SIMPLE_VERSION,
} from './simpleFormat';
import { writeRotation } from './smallestThree';

const INT16_MAX = 32767;

function int16(value: number): number {
  return Math.max(-INT16_MAX, Math.min(INT16_MAX, Math.round(value))) || 0;
}

function weightByte(weight: number): number {
  return Math.max(0, Math.min(FACE_STEPS, Math.round(weight * FACE_STEPS))) || 0;
}

/** The encoder of the simple packet (SPEC.md): one frame a packet, every packet complete. */
export class SimpleEncoder implements PoseEncoder {
  compression = 0;
  readonly packet = new Uint8Array(PACKET_MAX_BYTES);
  private readonly view = new DataView(this.packet.buffer);
  private readonly writer = new BitWriter(this.packet);
  private sequence = 0;

  encode(pose: Pose, timeMs: number): number {
    const parts = pose.parts & ALL_PARTS;
    const bits = bitsOfCompression(this.compression);
    this.writeHeader(parts, bits, timeMs);
    let at: number = HEADER.size;
    if ((parts & PosePart.hips) !== 0) at = this.writeInt16s(pose, HIPS_OFFSET, 3, HIPS_STEPS_PER_M, at);
    at = this.writeRotations(pose, parts, bits, at);
    if ((parts & PosePart.face) !== 0) at = this.writeFace(pose, at);
    if ((parts & PosePart.gaze) !== 0) at = this.writeInt16s(pose, GAZE_OFFSET, 2, GAZE_STEPS_PER_RAD, at);
    return at;
  }

  /** Every packet of this format is complete, so nothing has to change. */
  requestKeyframe(): void {}

  private writeHeader(parts: number, bits: number, timeMs: number): void {
    this.packet[HEADER.version] = SIMPLE_VERSION;
    this.packet[HEADER.bits] = bits;
    this.view.setUint16(HEADER.sequence, this.sequence, true);
    this.view.setUint32(HEADER.time, Math.round(timeMs), true);
    this.packet[HEADER.parts] = parts;
    this.sequence = (this.sequence + 1) & 0xffff;
  }

  private writeInt16s(pose: Pose, from: number, count: number, stepsPerUnit: number, at: number): number {
    for (let k = 0; k < count; k += 1)
      this.view.setInt16(at + 2 * k, int16(pose.values[from + k]! * stepsPerUnit), true);
    return at + 2 * count;
  }

  private writeRotations(pose: Pose, parts: number, bits: number, at: number): number {
    this.writer.start(at);
    for (let bone = 0; bone < BONE_PARTS.length; bone += 1) {
      if ((parts & BONE_PARTS[bone]!) === 0) continue;
      writeRotation(pose.values, ROTATIONS_OFFSET + bone * 4, bits, this.writer);
    }
    return this.writer.finish();
  }

  private writeFace(pose: Pose, at: number): number {
    for (let k = 0; k < ARKIT_COUNT; k += 1) this.packet[at + k] = weightByte(pose.values[FACE_OFFSET + k]!);
    return at + ARKIT_COUNT;
  }
}
