import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { ARKIT_COUNT } from '@/lib/pose/arkit';
import { BODY_BONE_COUNT, BONE_COUNT } from '@/lib/pose/bones';
import {
  createPose,
  FACE_OFFSET,
  GAZE_OFFSET,
  HIPS_OFFSET,
  type Pose,
  PosePart,
  ROTATIONS_OFFSET,
  resetPose,
} from '@/lib/pose/pose';
import { type CodecSession, type CodecUnderTest, PacketBatch } from './codecUnderTest';

/** Writes fields of up to 16 bits into a buffer, highest bit first. */
export class FieldWriter {
  private sizeBits = 0;

  constructor(readonly bytes: Uint8Array) {}

  start(): void {
    this.sizeBits = 0;
    this.bytes.fill(0);
  }

  write(value: number, bits: number): void {
    for (let left = bits; left > 0; ) {
      const free = 8 - (this.sizeBits & 7);
      const taken = Math.min(free, left);
      const field = (value >>> (left - taken)) & ((1 << taken) - 1);
      this.bytes[this.sizeBits >> 3]! |= field << (free - taken);
      this.sizeBits += taken;
      left -= taken;
    }
  }

  get sizeBytes(): number {
    return (this.sizeBits + 7) >> 3;
  }
}

/** Reads what {@link FieldWriter} wrote. */
export class FieldReader {
  private bytes: Uint8Array = new Uint8Array(0);
  private atBit = 0;

  start(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.atBit = 0;
  }

  read(bits: number): number {
    let value = 0;
    for (let left = bits; left > 0; ) {
      const free = 8 - (this.atBit & 7);
      const taken = Math.min(free, left);
      value = (value << taken) | ((this.bytes[this.atBit >> 3]! >> (free - taken)) & ((1 << taken) - 1));
      this.atBit += taken;
      left -= taken;
    }
    return value;
  }
}

/** A head as short as anybody's: sequence, parts, 16 bits of the time; every further frame its distance in time. */
const SEQUENCE_BITS = 8;
const PARTS_BITS = 8;
const TIME_BITS = 16;
const STEP_BITS = 8;

const HIPS_BITS = 16;
const HIPS_RANGE_M = 16;
const WEIGHT_BITS = 8;
const GAZE_BITS = 8;
const GAZE_RANGE_RAD = 2;

const PACKET_MAX_BYTES = 4096;
/** No component but the largest of a unit quaternion goes beyond this. */
const LIMIT = Math.SQRT1_2;

const writer = new FieldWriter(new Uint8Array(PACKET_MAX_BYTES));
const reader = new FieldReader();

function writeWithin(value: number, range: number, bits: number): void {
  const top = 2 ** bits - 1;
  writer.write(Math.max(0, Math.min(top, Math.round((value / range + 0.5) * top))), bits);
}

function readWithin(range: number, bits: number): number {
  return (reader.read(bits) / (2 ** bits - 1) - 0.5) * range;
}

function largestOf(values: Float32Array, at: number): number {
  let largest = 0;
  for (let k = 1; k < 4; k += 1) if (Math.abs(values[at + k]!) > Math.abs(values[at + largest]!)) largest = k;
  return largest;
}

function writeRotation(values: Float32Array, at: number, bits: number): void {
  const largest = largestOf(values, at);
  const sign = values[at + largest]! < 0 ? -1 : 1;
  writer.write(largest, 2);
  for (let k = 0; k < 4; k += 1) if (k !== largest) writeWithin(values[at + k]! * sign, 2 * LIMIT, bits);
}

function readRotation(values: Float32Array, at: number, bits: number): void {
  const largest = reader.read(2);
  let squared = 0;
  for (let k = 0; k < 4; k += 1) {
    if (k === largest) continue;
    const component = readWithin(2 * LIMIT, bits);
    values[at + k] = component;
    squared += component * component;
  }
  values[at + largest] = Math.sqrt(Math.max(0, 1 - squared));
}

const isFull = (parts: number) => (parts & PosePart.face) !== 0;

function writeFrame({ values, parts }: Pose, bits: number): void {
  for (let k = 0; k < 3; k += 1) writeWithin(values[HIPS_OFFSET + k]!, HIPS_RANGE_M, HIPS_BITS);
  const bones = isFull(parts) ? BONE_COUNT : BODY_BONE_COUNT;
  for (let bone = 0; bone < bones; bone += 1) writeRotation(values, ROTATIONS_OFFSET + bone * 4, bits);
  if (!isFull(parts)) return;
  for (let k = 0; k < ARKIT_COUNT; k += 1) writeWithin(values[FACE_OFFSET + k]! - 0.5, 1, WEIGHT_BITS);
  for (let k = 0; k < 2; k += 1) writeWithin(values[GAZE_OFFSET + k]!, GAZE_RANGE_RAD, GAZE_BITS);
}

function readFrame(out: Pose, parts: number, bits: number): void {
  const { values } = resetPose(out);
  out.parts = parts;
  for (let k = 0; k < 3; k += 1) values[HIPS_OFFSET + k] = readWithin(HIPS_RANGE_M, HIPS_BITS);
  const bones = isFull(parts) ? BONE_COUNT : BODY_BONE_COUNT;
  for (let bone = 0; bone < bones; bone += 1) readRotation(values, ROTATIONS_OFFSET + bone * 4, bits);
  if (!isFull(parts)) return;
  for (let k = 0; k < ARKIT_COUNT; k += 1) values[FACE_OFFSET + k] = readWithin(1, WEIGHT_BITS) + 0.5;
  for (let k = 0; k < 2; k += 1) values[GAZE_OFFSET + k] = readWithin(GAZE_RANGE_RAD, GAZE_BITS);
}

function writePacket(batch: PacketBatch, sequence: number, bits: number): Uint8Array {
  const [first] = batch.frames;
  writer.start();
  writer.write(sequence, SEQUENCE_BITS);
  writer.write(first!.pose.parts, PARTS_BITS);
  writer.write(Math.round(first!.timeMs) & 0xffff, TIME_BITS);
  batch.frames.forEach(({ pose, timeMs }, index) => {
    if (index > 0) writer.write(Math.round(timeMs) - Math.round(first!.timeMs), STEP_BITS);
    writeFrame(pose, bits);
  });
  return writer.bytes.subarray(0, writer.sizeBytes);
}

function openSmallestThree(bits: number, framesPerPacket: number, deflateLevel: number | null): CodecSession {
  const batch = new PacketBatch(framesPerPacket);
  const out = createPose();
  let bytes: Uint8Array = new Uint8Array(0);
  let sequence = 0;
  return {
    encode(pose, timeMs) {
      if (!batch.add(pose, timeMs)) return false;
      const plain = writePacket(batch, sequence, bits);
      bytes = deflateLevel === null ? plain : deflateRawSync(plain, { level: deflateLevel });
      sequence = (sequence + 1) & 0xff;
      return true;
    },
    packet: () => bytes,
    decode(packet, sink) {
      reader.start(deflateLevel === null ? (packet as Uint8Array) : inflateRawSync(packet as Uint8Array));
      reader.read(SEQUENCE_BITS);
      const parts = reader.read(PARTS_BITS);
      const firstMs = reader.read(TIME_BITS);
      for (let frame = 0; frame < framesPerPacket; frame += 1) {
        const sinceMs = frame === 0 ? 0 : reader.read(STEP_BITS);
        readFrame(out, parts, bits);
        sink(out, firstMs + sinceMs);
      }
    },
  };
}

/** Component bits of the curves; 10 is what games and most avatar systems send. */
const CURVE_BITS = [12, 11, 10, 9, 8, 7, 6, 5];
/** The setting that peers are quoted at. */
export const USUAL_BITS = 10;

function smallestThree(name: string, deflateLevel: number | null): CodecUnderTest {
  const open = (bits: number, framesPerPacket: number) => openSmallestThree(bits, framesPerPacket, deflateLevel);
  return { name, levels: CURVE_BITS, isReadable: true, open };
}

export const SMALLEST_THREE = smallestThree('smallest-three', null);
/** The same, each packet deflated by itself, as a message's sender would. */
export const SMALLEST_THREE_DEFLATED = [3, 6, 9].map((level) =>
  smallestThree(`smallest-three + deflate ${level}`, level),
);
