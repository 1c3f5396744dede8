import { ARKIT_COUNT } from '@/lib/pose/arkit';
import { BONE_PARTS } from '@/lib/pose/boneParts';
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
import { BitReader } from './bits';
import { type DecodeFailure, type FrameSink, PACKET_MAX_BYTES, type PoseDecoder } from './codec';
import {
  BITS_MAX,
  BITS_MIN,
  FACE_STEPS,
  GAZE_STEPS_PER_RAD,
  HEADER,
  HIPS_BYTES,
  HIPS_STEPS_PER_M,
  packetBytes,
  rotationBytes,
  SIMPLE_VERSION,
} from './simpleFormat';
import { readRotation } from './smallestThree';

const SEQUENCES = 0x10000;
const NEWER_MAX = 0x8000;

function uint16(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8);
}

function int16(bytes: Uint8Array, at: number): number {
  return (uint16(bytes, at) << 16) >> 16;
}

function uint32(bytes: Uint8Array, at: number): number {
  return uint16(bytes, at) + uint16(bytes, at + 2) * SEQUENCES;
}

/** What is wrong with a packet by its header and length, or null (rules C-1 to C-3). */
function faultOf(packet: Uint8Array): DecodeFailure | null {
  if (packet.length > PACKET_MAX_BYTES) return 'tooLarge';
  if (packet.length === 0) return 'truncated';
  if (packet[HEADER.version] !== SIMPLE_VERSION) return 'unknownVersion';
  if (packet.length < HEADER.size) return 'truncated';
  const bits = packet[HEADER.bits]!;
  const parts = packet[HEADER.parts]!;
  if (bits < BITS_MIN || bits > BITS_MAX || parts > ALL_PARTS) return 'malformed';
  const expected = packetBytes(parts, bits);
  if (packet.length < expected) return 'truncated';
  return packet.length > expected ? 'malformed' : null;
}

/** The decoder of the simple packet (SPEC.md), one a sender. */
export class SimpleDecoder implements PoseDecoder {
  private readonly pose: Pose = createPose();
  private readonly reader = new BitReader();
  private lastSequence = -1;
  private lostPackets = 0;

  get lost(): number {
    return this.lostPackets;
  }

  decode(packet: Uint8Array, sink: FrameSink): DecodeFailure | null {
    const fault = faultOf(packet);
    if (fault) return fault;
    if (!this.acceptSequence(uint16(packet, HEADER.sequence))) return 'stale';
    this.readPose(packet);
    sink(this.pose, uint32(packet, HEADER.time));
    return null;
  }

  private acceptSequence(sequence: number): boolean {
    if (this.lastSequence >= 0) {
      const ahead = (sequence - this.lastSequence + SEQUENCES) % SEQUENCES;
      if (ahead === 0 || ahead >= NEWER_MAX) return false;
      this.lostPackets += ahead - 1;
    }
    this.lastSequence = sequence;
    return true;
  }

  private readPose(packet: Uint8Array): void {
    const parts = packet[HEADER.parts]!;
    const bits = packet[HEADER.bits]!;
    const { values } = resetPose(this.pose);
    this.pose.parts = parts;
    let at: number = HEADER.size;
    if ((parts & PosePart.hips) !== 0) {
      for (let k = 0; k < 3; k += 1) values[HIPS_OFFSET + k] = int16(packet, at + 2 * k) / HIPS_STEPS_PER_M;
      at += HIPS_BYTES;
    }
    this.readRotations(packet, parts, bits, at);
    at += rotationBytes(parts, bits);
    if ((parts & PosePart.face) !== 0) {
      for (let k = 0; k < ARKIT_COUNT; k += 1) values[FACE_OFFSET + k] = packet[at + k]! / FACE_STEPS;
      at += ARKIT_COUNT;
    }
    if ((parts & PosePart.gaze) === 0) return;
    for (let k = 0; k < 2; k += 1) values[GAZE_OFFSET + k] = int16(packet, at + 2 * k) / GAZE_STEPS_PER_RAD;
  }

  private readRotations(packet: Uint8Array, parts: number, bits: number, at: number): void {
    this.reader.start(packet, at);
    for (let bone = 0; bone < BONE_PARTS.length; bone += 1) {
      if ((parts & BONE_PARTS[bone]!) === 0) continue;
      readRotation(this.reader, bits, this.pose.values, ROTATIONS_OFFSET + bone * 4);
    }
  }
}
