import { decode, Encoder } from '@msgpack/msgpack';
import { BODY_BONE_COUNT } from '@/lib/pose/bones';
import { createPose, GAZE_OFFSET, POSE_LENGTH, PosePart, ROTATIONS_OFFSET, resetPose } from '@/lib/pose/pose';
import type { CodecSession, CodecUnderTest } from './codecUnderTest';
import { PacketBatch } from './packetBatch';

/** Numbers sent for a pose: all of them, or those of hips and body. */
function lengthOf(parts: number): number {
  return (parts & PosePart.face) !== 0 ? POSE_LENGTH : ROTATIONS_OFFSET + BODY_BONE_COUNT * 4;
}

type Frame = readonly [timeMs: number, parts: number, ...values: number[]];

function open(_level: number, framesPerPacket: number): CodecSession {
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
      for (const [timeMs, parts, ...values] of decode(packet as Uint8Array) as Frame[]) {
        resetPose(out).values.set(values.slice(0, GAZE_OFFSET + 2));
        out.parts = parts;
        sink(out, timeMs);
      }
    },
  };
}

/** One flat array of float32 a frame, in msgpack. */
export const MSGPACK: CodecUnderTest = { name: 'msgpack float32', levels: [0], isReadable: true, open };
