import type { PoseDecoder, PoseEncoder } from '@/lib/codec/codec';
import { RangePoseDecoder } from '@/lib/codec/rangePoseDecoder';
import { RangePoseEncoder } from '@/lib/codec/rangePoseEncoder';
import { ALL_PARTS, createPose, POSE_LENGTH, type Pose, PosePart } from '@/lib/pose/pose';

/** Runs both in Node and in a page: nothing here may depend on the platform. */

const BODY = PosePart.hips | PosePart.upperBody | PosePart.legs;
const SEATED = ALL_PARTS & ~PosePart.legs;
const PART_SETS = [ALL_PARTS, ALL_PARTS, SEATED, BODY, PosePart.face | PosePart.gaze, PosePart.upperBody, 0];
const STEPS_MS = [33, 33, 50, 100, 17];
/** Number of frames for which parts, compression, frames a packet and rate stay the same. */
const PARTS_FRAMES = 257;
const COMPRESSION_FRAMES = 101;
const BATCH_FRAMES = 139;
const RATE_FRAMES = 311;
const KEYFRAME_FRAMES = 701;
/** A pause of the sender that is longer than any frame stays valid. */
const PAUSE_FRAMES = 1999;
const PAUSE_MS = 7_000;
const FIRST_MS = 123_456;

const LENGTH_BYTES = 2;

function timeStepMs(frame: number): number {
  return frame % PAUSE_FRAMES === 0 ? PAUSE_MS : STEPS_MS[Math.floor(frame / RATE_FRAMES) % STEPS_MS.length]!;
}

function configure(encoder: PoseEncoder, pose: Pose, frame: number): void {
  pose.parts = PART_SETS[Math.floor(frame / PARTS_FRAMES) % PART_SETS.length]!;
  encoder.compression = (Math.floor(frame / COMPRESSION_FRAMES) * 7) % 10;
  encoder.framesPerPacket = 1 + (Math.floor(frame / BATCH_FRAMES) % 3);
  if (frame % KEYFRAME_FRAMES === 0) encoder.requestKeyframe();
}

/** Encodes `poses` ({@link POSE_LENGTH} numbers each) under changing settings, into length-prefixed packets. */
export function encodeTape(poses: Float32Array): Uint8Array {
  const encoder = new RangePoseEncoder();
  const pose = createPose();
  const frames = poses.length / POSE_LENGTH;
  const tape = new Uint8Array(frames * 512);
  let size = 0;
  let timeMs = FIRST_MS;
  for (let frame = 0; frame < frames; frame += 1) {
    pose.values.set(poses.subarray(frame * POSE_LENGTH, (frame + 1) * POSE_LENGTH));
    configure(encoder, pose, frame);
    timeMs += timeStepMs(frame);
    const packetBytes = encoder.encode(pose, timeMs);
    if (packetBytes === 0) continue;
    tape[size] = packetBytes & 0xff;
    tape[size + 1] = packetBytes >> 8;
    tape.set(encoder.packet.subarray(0, packetBytes), size + LENGTH_BYTES);
    size += LENGTH_BYTES + packetBytes;
  }
  return tape.slice(0, size);
}

/** Result of decoding a tape. */
export interface TapeReading {
  readonly packets: number;
  readonly frames: number;
  readonly drops: number;
  /** Two hashes over every bit of every decoded frame: numbers, parts and time. */
  readonly hash: string;
}

/** Two independent 32-bit hashes over 32-bit words (FNV-1a, and a multiply-rotate). */
class WordHash {
  private first = 0x811c9dc5;
  private second = 0x9747b28c;

  add(word: number): void {
    this.first = Math.imul(this.first ^ word, 0x01000193);
    const mixed = Math.imul(word, 0xcc9e2d51);
    this.second = Math.imul(this.second ^ ((mixed << 15) | (mixed >>> 17)), 5) + 0x6b64e654;
    this.second = (this.second << 13) | (this.second >>> 19);
  }

  toString(): string {
    return [this.first, this.second].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
  }
}

/** Decodes a tape and hashes every bit of every frame. */
export function readTape(tape: Uint8Array, decoder: Pick<PoseDecoder, 'decode'> = new RangePoseDecoder()): TapeReading {
  const hash = new WordHash();
  const time = new Uint32Array(2);
  let frames = 0;
  let packets = 0;
  let drops = 0;
  const sink = (pose: Pose, timeMs: number) => {
    const { buffer, byteOffset } = pose.values;
    for (const word of new Uint32Array(buffer, byteOffset, POSE_LENGTH)) hash.add(word);
    new Float64Array(time.buffer)[0] = timeMs;
    for (const word of [pose.parts, ...time]) hash.add(word);
    frames += 1;
  };
  for (let at = 0; at < tape.length; ) {
    const packetBytes = tape[at]! | (tape[at + 1]! << 8);
    at += LENGTH_BYTES;
    if (decoder.decode(tape.subarray(at, at + packetBytes), sink) !== null) drops += 1;
    packets += 1;
    at += packetBytes;
  }
  return { packets, frames, drops, hash: String(hash) };
}
