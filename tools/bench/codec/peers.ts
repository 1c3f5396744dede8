import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { decode, Encoder } from '@msgpack/msgpack';
import type { FrameSink } from '@/lib/codec/codec';
import { ARKIT_COUNT } from '@/lib/pose/arkit';
import { BODY_BONE_COUNT, BONE_COUNT, BONE_INDEX, BONES, type BoneName } from '@/lib/pose/bones';
import { createBodyState, solveBody } from '@/lib/pose/forwardKinematics';
import {
  createPose,
  FACE_OFFSET,
  GAZE_OFFSET,
  HIPS_OFFSET,
  POSE_LENGTH,
  type Pose,
  PosePart,
  ROTATIONS_OFFSET,
  resetPose,
} from '@/lib/pose/pose';
import { type CodecSession, type CodecUnderTest, PacketBatch } from './codecUnderTest';

interface QuaternionFrame {
  readonly t: number;
  readonly parts: number;
  readonly hips: readonly number[];
  readonly bones: Readonly<Record<string, readonly number[]>>;
  readonly face?: readonly number[];
  readonly gaze?: readonly number[];
}

const isFull = (parts: number) => (parts & PosePart.face) !== 0;

type Round = (value: number) => number;
const exactly: Round = (value) => value;
const fourDecimals: Round = (value) => Math.round(value * 1e4) / 1e4;

function quaternionFrame(pose: Pose, timeMs: number, round: Round): QuaternionFrame {
  const at = (offset: number, count: number) => Array.from(pose.values.subarray(offset, offset + count), round);
  const boneCount = isFull(pose.parts) ? BONE_COUNT : BODY_BONE_COUNT;
  const bones = Object.fromEntries(
    BONES.slice(0, boneCount).map((bone, index) => [bone, at(ROTATIONS_OFFSET + index * 4, 4)]),
  );
  const body = { t: Math.round(timeMs), parts: pose.parts, hips: at(HIPS_OFFSET, 3), bones };
  return isFull(pose.parts) ? { ...body, face: at(FACE_OFFSET, ARKIT_COUNT), gaze: at(GAZE_OFFSET, 2) } : body;
}

function readQuaternionFrame(frame: QuaternionFrame, out: Pose): Pose {
  const { values } = resetPose(out);
  out.parts = frame.parts;
  values.set(frame.hips, HIPS_OFFSET);
  for (const [bone, rotation] of Object.entries(frame.bones)) {
    values.set(rotation, ROTATIONS_OFFSET + BONE_INDEX[bone as BoneName] * 4);
  }
  if (frame.face) values.set(frame.face, FACE_OFFSET);
  if (frame.gaze) values.set(frame.gaze, GAZE_OFFSET);
  return out;
}

/** The joints nearest to MediaPipe's 33 pose landmarks; nose, eyes, ears and mouth belong to the head. */
const LANDMARK_BONES: readonly BoneName[] = [
  ...Array.from({ length: 11 }, () => 'head' as const),
  ...(['UpperArm', 'LowerArm', 'Hand', 'Hand', 'Hand', 'Hand'] as const).flatMap(
    (bone) => [`left${bone}`, `right${bone}`] as const,
  ),
  ...(['UpperLeg', 'LowerLeg', 'Foot', 'Foot', 'Toes'] as const).flatMap(
    (bone) => [`left${bone}`, `right${bone}`] as const,
  ),
];
const HAND_LANDMARKS = 21;
const FINGERTIPS_A_HAND = 15;

const body = createBodyState();

function placeOf(bone: number) {
  const [x = 0, y = 0, z = 0] = body.positions.subarray(bone * 3, bone * 3 + 3);
  return { x, y, z };
}

function handLandmarks(hand: number) {
  return Array.from({ length: HAND_LANDMARKS }, (_, k) => {
    const finger = Math.min(FINGERTIPS_A_HAND - 1, Math.floor((k * FINGERTIPS_A_HAND) / HAND_LANDMARKS));
    return placeOf(BODY_BONE_COUNT + hand * FINGERTIPS_A_HAND + finger);
  });
}

/** What many apps send unchanged from MediaPipe: 33 landmarks; for a full pose also both hands and 52 scores. */
function landmarkFrame(pose: Pose, timeMs: number) {
  solveBody(pose, body);
  const landmarks = LANDMARK_BONES.map((bone) => {
    const place = placeOf(BONE_INDEX[bone]);
    return { ...place, visibility: Math.fround(0.9 + 0.099 * Math.abs(Math.sin(place.x * 50))) };
  });
  if (!isFull(pose.parts)) return { t: Math.round(timeMs), landmarks };
  const blendshapes = Array.from(pose.values.subarray(FACE_OFFSET, FACE_OFFSET + ARKIT_COUNT));
  return { t: Math.round(timeMs), landmarks, hands: [handLandmarks(0), handLandmarks(1)], blendshapes };
}

function openJson(
  framesPerPacket: number,
  write: (pose: Pose, timeMs: number) => unknown,
  read: (frame: unknown, sink: FrameSink) => void,
): CodecSession {
  const batch = new PacketBatch(framesPerPacket);
  let text = '';
  return {
    encode(pose, timeMs) {
      if (!batch.add(pose, timeMs)) return false;
      text = JSON.stringify(batch.frames.map((frame) => write(frame.pose, frame.timeMs)));
      return true;
    },
    packet: () => text,
    decode(packet, sink) {
      for (const frame of JSON.parse(packet as string) as unknown[]) read(frame, sink);
    },
  };
}

function quaternionPeer(name: string, round: Round): CodecUnderTest {
  const open = (_level: number, framesPerPacket: number) => {
    const pose = createPose();
    return openJson(
      framesPerPacket,
      (from, timeMs) => quaternionFrame(from, timeMs, round),
      (frame, sink) => sink(readQuaternionFrame(frame as QuaternionFrame, pose), (frame as QuaternionFrame).t),
    );
  };
  return { name, levels: [0], isReadable: true, open };
}

export const JSON_QUATERNIONS = quaternionPeer('JSON quaternions', exactly);
export const JSON_QUATERNIONS_ROUNDED = quaternionPeer('JSON quaternions, 4 decimals', fourDecimals);

export const JSON_LANDMARKS: CodecUnderTest = {
  name: 'JSON landmarks',
  levels: [0],
  isReadable: false,
  open: (_level, framesPerPacket) => openJson(framesPerPacket, landmarkFrame, () => {}),
};

/** Count of numbers sent for a pose: all, or those of hips and body. */
function lengthOf(parts: number): number {
  return isFull(parts) ? POSE_LENGTH : ROTATIONS_OFFSET + BODY_BONE_COUNT * 4;
}

type MsgpackFrame = readonly [timeMs: number, parts: number, ...values: number[]];

function openMsgpack(_level: number, framesPerPacket: number): CodecSession {
  const batch = new PacketBatch(framesPerPacket);
  const encoder = new Encoder({ forceFloat32: true });
  const out = createPose();
  let bytes = new Uint8Array(0);
  return {
    encode(pose, timeMs) {
      if (!batch.add(pose, timeMs)) return false;
      const frames = batch.frames.map(({ pose: { values, parts }, timeMs: at }) => [
        Math.round(at),
        parts,
        ...values.subarray(0, lengthOf(parts)),
      ]);
      bytes = Uint8Array.from(encoder.encodeSharedRef(frames));
      return true;
    },
    packet: () => bytes,
    decode(packet, sink) {
      for (const [timeMs, parts, ...values] of decode(packet as Uint8Array) as MsgpackFrame[]) {
        resetPose(out).values.set(values.slice(0, GAZE_OFFSET + 2));
        out.parts = parts;
        sink(out, timeMs);
      }
    },
  };
}

/** One flat array of float32 per frame, in msgpack. */
export const MSGPACK: CodecUnderTest = { name: 'msgpack float32', levels: [0], isReadable: true, open: openMsgpack };

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

/** A minimal header: sequence, parts, 16 bits of the time; each further frame has its distance in time. */
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
/** No component of a unit quaternion but the largest exceeds this. */
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
/** The setting at which peers are quoted. */
export const USUAL_BITS = 10;

function smallestThree(name: string, deflateLevel: number | null): CodecUnderTest {
  const open = (bits: number, framesPerPacket: number) => openSmallestThree(bits, framesPerPacket, deflateLevel);
  return { name, levels: CURVE_BITS, isReadable: true, open };
}

export const SMALLEST_THREE = smallestThree('smallest-three', null);
/** The same with each packet deflated on its own. */
export const SMALLEST_THREE_DEFLATED = [3, 6, 9].map((level) =>
  smallestThree(`smallest-three + deflate ${level}`, level),
);
