import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PACKET_MAX_BYTES } from '@/lib/codec/codec';
import { SimpleDecoder } from '@/lib/codec/simpleDecoder';
import { SimpleEncoder } from '@/lib/codec/simpleEncoder';
import { ARKIT_INDEX } from '@/lib/pose/arkit';
import { BONE_PARTS } from '@/lib/pose/boneParts';
import { BONE_COUNT } from '@/lib/pose/bones';
import {
  ALL_PARTS,
  copyPose,
  createPose,
  FACE_OFFSET,
  GAZE_OFFSET,
  HIPS_OFFSET,
  type Pose,
  PosePart,
  ROTATIONS_OFFSET,
} from '@/lib/pose/pose';
import { angleBetweenQuats } from '@/lib/pose/quat';
import { bytesPerCall } from '../allocations';
import { anyPose } from '../pose/anyPose';

/** Worst error in degrees that rule C-8 grants by compression: twice sqrt(3) steps of a component. */
const WORST_DEG = [14, 14, 13, 13, 12, 12, 11, 11, 10, 10].map(
  (bits) => ((2 * Math.sqrt(3) * Math.SQRT2) / (2 ** bits - 1)) * (180 / Math.PI),
);

function packetOf(encoder: SimpleEncoder, pose: Pose, timeMs = 0): Uint8Array {
  return encoder.packet.slice(0, encoder.encode(pose, timeMs));
}

function decodeOne(packet: Uint8Array): { pose: Pose; timeMs: number } {
  const frames: Array<{ pose: Pose; timeMs: number }> = [];
  const failure = new SimpleDecoder().decode(packet, (pose, timeMs) =>
    frames.push({ pose: copyPose(pose, createPose()), timeMs }),
  );
  expect(failure).toBeNull();
  expect(frames).toHaveLength(1);
  return frames[0]!;
}

describe('the simple packet', () => {
  it('C-1 to C-9: has these bytes', () => {
    const pose = createPose();
    pose.parts = PosePart.hips | PosePart.leftFingers | PosePart.face | PosePart.gaze;
    pose.values.set([0.25, -0.001, 40], HIPS_OFFSET);
    pose.values[FACE_OFFSET + ARKIT_INDEX.browDownLeft] = 1;
    pose.values[FACE_OFFSET + ARKIT_INDEX.tongueOut] = 0.5;
    pose.values.set([0.1, -0.2], GAZE_OFFSET);
    const encoder = new SimpleEncoder();
    encoder.compression = 9;
    encoder.encode(pose, 0);
    const packet = packetOf(encoder, pose, 0x01020304);
    const bytes = (from: number, to: number) => Array.from(packet.subarray(from, to));
    expect(bytes(0, 2), 'version 1, 10 bits a component').toEqual([1, 10]);
    expect(bytes(2, 4), 'sequence 1: the second packet').toEqual([1, 0]);
    expect(bytes(4, 8), 'time, little-endian').toEqual([4, 3, 2, 1]);
    expect(bytes(8, 9), 'hips 1 + left fingers 8 + face 32 + gaze 64').toEqual([105]);
    expect(bytes(9, 15), '250 mm, -1 mm, and 40 m held at 32767 mm').toEqual([250, 0, 0xff, 0xff, 0xff, 0x7f]);
    // Identity: the largest is w (index 3), the others are in the middle, 512 of 0..1023.
    expect(bytes(15, 19), '11 1000000000 1000000000 1000000000').toEqual([0b11100000, 0b00001000, 0b00000010, 0]);
    expect(packet, '15 rotations of 4 bytes, 52 weights, gaze').toHaveLength(15 + 60 + 52 + 4);
    expect(bytes(75, 77)).toEqual([255, 0]);
    expect(bytes(126, 127), 'tongueOut, the last weight').toEqual([128]);
    expect(bytes(127, 131), '1000 and -2000 steps of 0.1 mrad').toEqual([0xe8, 0x03, 0x30, 0xf8]);
  });

  it('C-2: holds a whole pose in far less than the limit, at every compression', () => {
    const pose = createPose();
    pose.parts = ALL_PARTS;
    const encoder = new SimpleEncoder();
    const sizes = WORST_DEG.map((_, compression) => {
      encoder.compression = compression;
      return encoder.encode(pose, 0);
    });
    expect(sizes).toEqual([357, 357, 338, 338, 318, 318, 299, 299, 279, 279]);
    expect(encoder.packet).toHaveLength(PACKET_MAX_BYTES);
  });

  it.each(WORST_DEG.map((worstDeg, compression) => ({ compression, worstDeg })))(
    'C-7, C-8, C-9: comes back within $worstDeg degrees at compression $compression',
    ({ compression, worstDeg }) => {
      const encoder = new SimpleEncoder();
      encoder.compression = compression;
      fc.assert(
        fc.property(anyPose, fc.nat(0xffffffff), (pose, timeMs) => {
          const { pose: decoded, timeMs: decodedMs } = decodeOne(packetOf(encoder, pose, timeMs));
          expect(decodedMs).toBe(timeMs);
          expect(decoded.parts).toBe(pose.parts);
          for (let bone = 0; bone < BONE_COUNT; bone += 1) {
            const at = ROTATIONS_OFFSET + bone * 4;
            const expected = (pose.parts & BONE_PARTS[bone]!) !== 0 ? pose : createPose();
            const errorDeg = angleBetweenQuats(decoded.values, at, expected.values, at) * (180 / Math.PI);
            // The floats themselves are good to a few ten-thousandths of a degree.
            expect(errorDeg).toBeLessThan(worstDeg + 1e-4);
          }
        }),
        { numRuns: 60 },
      );
    },
  );

  it('C-6, C-9: hips, face and gaze come back within half a step, absent ones at rest', () => {
    fc.assert(
      fc.property(anyPose, (pose) => {
        const { pose: decoded } = decodeOne(packetOf(new SimpleEncoder(), pose));
        const check = (part: number, from: number, to: number, half: number) => {
          const expected = (pose.parts & part) !== 0 ? pose : createPose();
          for (let at = from; at < to; at += 1) {
            expect(Math.abs(decoded.values[at]! - expected.values[at]!)).toBeLessThan(half * 1.01);
          }
        };
        check(PosePart.hips, HIPS_OFFSET, ROTATIONS_OFFSET, 0.0005);
        check(PosePart.face, FACE_OFFSET, GAZE_OFFSET, 0.5 / 255);
        check(PosePart.gaze, GAZE_OFFSET, GAZE_OFFSET + 2, 0.00005);
      }),
    );
  });

  it('C-3, C-9: sends rest for what is not a number, and the nearest for what does not fit', () => {
    const pose = createPose();
    pose.parts = ALL_PARTS;
    pose.values.fill(Number.NaN);
    pose.values[HIPS_OFFSET] = Number.POSITIVE_INFINITY;
    pose.values[FACE_OFFSET] = 7;
    pose.values[FACE_OFFSET + 1] = -7;
    const { pose: decoded } = decodeOne(packetOf(new SimpleEncoder(), pose));
    expect(decoded.values[HIPS_OFFSET]).toBeCloseTo(32.767);
    expect(decoded.values[HIPS_OFFSET + 1]).toBe(0);
    expect(Array.from(decoded.values.subarray(FACE_OFFSET, FACE_OFFSET + 3))).toEqual([1, 0, 0]);
    const identity = [0, 0, 0, 1];
    for (let bone = 0; bone < BONE_COUNT; bone += 1) {
      expect(angleBetweenQuats(decoded.values, ROTATIONS_OFFSET + bone * 4, identity, 0)).toBeLessThan(0.001);
    }
  });

  it('C-8: takes the nearest compression for an impossible one', () => {
    const encoder = new SimpleEncoder();
    const bitsAt = (compression: number) => {
      encoder.compression = compression;
      return packetOf(encoder, createPose())[1];
    };
    expect([-5, 99, Number.NaN].map(bitsAt)).toEqual([14, 10, 14]);
  });

  it('C-10: decodes any packet by itself', () => {
    const encoder = new SimpleEncoder();
    const pose = createPose();
    pose.parts = ALL_PARTS;
    for (let k = 0; k < 70; k += 1) encoder.encode(pose, k);
    expect(decodeOne(packetOf(encoder, pose, 70)).timeMs).toBe(70);
  });

  it('makes no object a packet, on either side', () => {
    const encoder = new SimpleEncoder();
    const decoder = new SimpleDecoder();
    const pose = createPose();
    pose.parts = ALL_PARTS;
    encoder.encode(pose, 0);
    const sink = () => {};
    expect(bytesPerCall((index) => encoder.encode(pose, index))).toBeLessThan(200);
    const packet = encoder.packet.slice(0, encoder.encode(pose, 0));
    let sequence = 0;
    const decodeNext = () => {
      sequence = (sequence + 1) & 0xffff;
      packet[2] = sequence & 0xff;
      packet[3] = sequence >> 8;
      decoder.decode(packet, sink);
    };
    expect(bytesPerCall(decodeNext)).toBeLessThan(200);
  });
});

describe('the order of packets', () => {
  function packetNumbered(sequence: number): Uint8Array {
    const packet = packetOf(new SimpleEncoder(), createPose());
    packet[2] = sequence & 0xff;
    packet[3] = sequence >> 8;
    return packet;
  }

  function accepts(sequences: number[]): { accepted: number[]; lost: number } {
    const decoder = new SimpleDecoder();
    const accepted = sequences.filter((sequence) => {
      const failure = decoder.decode(packetNumbered(sequence), () => {});
      expect([null, 'stale']).toContain(failure);
      return failure === null;
    });
    return { accepted, lost: decoder.lost };
  }

  it('C-4: drops what is not newer', () => {
    expect(accepts([5, 6, 6, 5, 7])).toEqual({ accepted: [5, 6, 7], lost: 0 });
  });

  it('C-4: counts what is left out as lost', () => {
    expect(accepts([5, 8, 7, 10])).toEqual({ accepted: [5, 8, 10], lost: 3 });
  });

  it('C-4: goes on over the wrap', () => {
    expect(accepts([65534, 65535, 0, 65535, 2])).toEqual({ accepted: [65534, 65535, 0, 2], lost: 1 });
  });

  it('C-4: takes half a round ahead as newer and no more', () => {
    expect(accepts([0, 32767]).accepted).toEqual([0, 32767]);
    expect(accepts([0, 32768]).accepted).toEqual([0]);
  });

  it('C-4: numbers its own packets one after the other, over the wrap', () => {
    const encoder = new SimpleEncoder();
    const decoder = new SimpleDecoder();
    let decoded = 0;
    for (let k = 0; k < 70_000; k += 1) {
      const size = encoder.encode(createPoseOnce, k);
      if (decoder.decode(encoder.packet.subarray(0, size), () => {}) === null) decoded += 1;
    }
    expect({ decoded, lost: decoder.lost }).toEqual({ decoded: 70_000, lost: 0 });
  });
});

const createPoseOnce = createPose();
