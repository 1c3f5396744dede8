import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHANNEL_COUNT, ROTATION_CHANNEL, UNITS } from '@/lib/codec/channels';
import { PACKET_MAX_BYTES } from '@/lib/codec/codec';
import { isKeyframe } from '@/lib/codec/packetHeader';
import { RangePoseEncoder } from '@/lib/codec/rangePoseEncoder';
import { STEPS } from '@/lib/codec/steps';
import { BONE_PARTS } from '@/lib/pose/boneParts';
import { BODY_BONE_COUNT, BONE_COUNT } from '@/lib/pose/bones';
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
import { anyPose } from '../pose/anyPose';
import { CodecSession, calmPoses } from './session';

const DEGREES = 180 / Math.PI;

function errorDeg(a: Pose, b: Pose, bone: number): number {
  const at = ROTATIONS_OFFSET + bone * 4;
  return DEGREES * angleBetweenQuats(a.values, at, b.values, at);
}

/** Largest error of a bone in a keyframe: half a step on each axis, and that of its parents where those err too. */
function keyframeBoundDeg(compression: number, bone: number): number {
  const halfStep = (channel: number) => (STEPS[compression]![channel]! / 65536 / 2) * Math.sqrt(3) * DEGREES;
  const own = halfStep(ROTATION_CHANNEL + bone * 3);
  const body = Math.max(...Array.from({ length: BODY_BONE_COUNT }, (_, b) => halfStep(ROTATION_CHANNEL + b * 3)));
  return bone < BODY_BONE_COUNT ? own + body : own;
}

describe('the range-coded packet', () => {
  it('C-11: every channel is in one unit, and parents and twins come before the units that refer to them', () => {
    const channels = UNITS.flatMap((unit) => Array.from({ length: unit.channelCount }, (_, k) => unit.channel + k));
    expect(channels).toEqual(Array.from({ length: CHANNEL_COUNT }, (_, channel) => channel));
    UNITS.forEach((unit, index) => {
      expect(unit.parent).toBeLessThanOrEqual(index);
      expect(unit.twin).toBeLessThanOrEqual(index);
    });
    expect({ units: UNITS.length, channels: CHANNEL_COUNT }).toEqual({ units: 88, channels: 213 });
  });

  it('C-6, C-9, C-13, C-16: any pose comes back from a keyframe within half a step, at any compression', () => {
    fc.assert(
      fc.property(anyPose, fc.integer({ min: 0, max: 9 }), fc.nat(0xffffffff), (pose, compression, timeMs) => {
        const session = new CodecSession();
        session.encoder.compression = compression;
        expect(session.pass(pose, timeMs)).toBeNull();
        expect(session.frames).toHaveLength(1);
        const [frame] = session.frames;
        expect(frame!.timeMs).toBe(timeMs);
        expect(frame!.pose.parts).toBe(pose.parts);
        const steps = STEPS[compression]!;
        const rest = createPose();
        for (let bone = 0; bone < BONE_COUNT; bone += 1) {
          const isPresent = (pose.parts & BONE_PARTS[bone]!) !== 0;
          const bound = isPresent ? keyframeBoundDeg(compression, bone) + 0.01 : 0.0001;
          expect(errorDeg(frame!.pose, isPresent ? pose : rest, bone), `bone ${bone}`).toBeLessThanOrEqual(bound);
        }
        const hips = (pose.parts & PosePart.hips) !== 0 ? pose : rest;
        for (let k = 0; k < 3; k += 1) {
          expect(Math.abs(frame!.pose.values[HIPS_OFFSET + k]! - hips.values[k]!)).toBeLessThan(
            steps[0]! / 131072 + 1e-5,
          );
        }
        const face = (pose.parts & PosePart.face) !== 0 ? pose : rest;
        for (let at = FACE_OFFSET; at < GAZE_OFFSET; at += 1) {
          expect(Math.abs(frame!.pose.values[at]! - face.values[at]!)).toBeLessThan(
            steps[CHANNEL_COUNT - 4]! / 131072 + 1e-5,
          );
        }
      }),
      { numRuns: 150 },
    );
  });

  it('C-2: any three poses fit into packets that may be sent', () => {
    fc.assert(
      fc.property(fc.array(anyPose, { minLength: 7, maxLength: 7 }), (poses) => {
        const session = new CodecSession();
        session.encoder.compression = 0;
        session.encoder.framesPerPacket = 3;
        poses.forEach((pose, frame) => {
          const packet = session.encode(copyPose(pose, createPose()), frame * 33);
          expect(packet?.length ?? 0).toBeLessThanOrEqual(PACKET_MAX_BYTES);
          if (packet) expect(session.decode(packet)).toBeNull();
        });
        expect(session.decoder.awaitsKeyframe).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  it('C-9: NaN is sent as rest, and numbers beyond the bounds as the bounds', () => {
    const pose = createPose();
    pose.parts = ALL_PARTS;
    pose.values.fill(Number.NaN);
    pose.values.set([Number.POSITIVE_INFINITY, -1e30, Number.NaN], HIPS_OFFSET);
    pose.values.set([7, -1], FACE_OFFSET);
    pose.values.set([1e9, -1e9], GAZE_OFFSET);
    pose.values.set([0, 3e38, 0, 3e38], ROTATIONS_OFFSET);
    const session = new CodecSession();
    session.pass(pose, 0);
    const { values } = session.frames[0]!.pose;
    const step = STEPS[3]![0]! / 65536;
    expect(Math.abs(values[HIPS_OFFSET]! - 50)).toBeLessThan(step);
    expect(Math.abs(values[HIPS_OFFSET + 1]! + 50)).toBeLessThan(step);
    expect(values[HIPS_OFFSET + 2]).toBe(0);
    expect(Array.from(values.subarray(FACE_OFFSET + 1, FACE_OFFSET + 4))).toEqual([0, 0, 0]);
    expect(values[FACE_OFFSET]).toBeGreaterThan(0.97);
    expect(values[GAZE_OFFSET]).toBeGreaterThan(1.9);
    expect(values[GAZE_OFFSET + 1]).toBeLessThan(-1.9);
    expect(Array.from(values.subarray(ROTATIONS_OFFSET + 4, ROTATIONS_OFFSET + 8))).toEqual([0, 0, 0, 1]);
    const half = [0, Math.SQRT1_2, 0, Math.SQRT1_2];
    expect(DEGREES * angleBetweenQuats(values, ROTATIONS_OFFSET, half, 0)).toBeLessThan(1);
  });

  it('C-5: a time that is not a number counts as the last one', () => {
    const session = new CodecSession();
    session.encoder.framesPerPacket = 1;
    for (const timeMs of [10, Number.NaN, Number.POSITIVE_INFINITY, 40.4]) session.pass(createPose(), timeMs);
    expect(session.frames.map(({ timeMs }) => timeMs)).toEqual([10, 10, 10, 40]);
  });

  it('C-5: times continue over 2^32', () => {
    const session = new CodecSession();
    session.encoder.framesPerPacket = 1;
    for (const timeMs of [2 ** 32 - 20, 2 ** 32 + 13]) session.pass(createPose(), timeMs);
    expect(session.frames.map(({ timeMs }) => timeMs)).toEqual([2 ** 32 - 20, 13]);
  });

  it.each([1, 2, 3])(
    'C-12: an encoder fills packets of %i frames and a decoder yields them oldest first',
    (framesPerPacket) => {
      const session = new CodecSession();
      session.encoder.framesPerPacket = framesPerPacket;
      const poses = calmPoses(61);
      const sizes = poses.map((pose, frame) => {
        const before = session.frames.length;
        expect(session.pass(pose, frame * 33)).toBeNull();
        return session.frames.length - before;
      });
      expect(sizes[0]).toBe(1);
      expect(new Set(sizes.slice(1).filter((size) => size > 0))).toEqual(new Set([framesPerPacket]));
      expect(session.frames.map(({ timeMs }) => timeMs)).toEqual(session.frames.map((_, frame) => frame * 33));
      const errors = session.frames.flatMap(({ pose }, frame) =>
        Array.from({ length: BONE_COUNT }, (_, bone) => errorDeg(pose, poses[frame]!, bone)),
      );
      expect(errors.reduce((sum, error) => sum + error, 0) / errors.length).toBeLessThan(0.5);
    },
  );

  it('C-13: finer compression has smaller errors and larger packets', () => {
    const poses = calmPoses(200);
    const figures = [0, 3, 6, 9].map((compression) => {
      const session = new CodecSession();
      session.encoder.compression = compression;
      const sizes = poses.map((pose, frame) => {
        const packet = session.encode(pose, frame * 33);
        if (packet) session.decode(packet);
        return packet?.length ?? 0;
      });
      const errors = session.frames.flatMap(({ pose }, frame) =>
        Array.from({ length: BONE_COUNT }, (_, bone) => errorDeg(pose, poses[frame]!, bone)),
      );
      return { bytes: sizes.reduce((a, b) => a + b), error: errors.reduce((a, b) => a + b) / errors.length };
    });
    for (let k = 1; k < figures.length; k += 1) {
      expect(figures[k]!.bytes).toBeLessThan(figures[k - 1]!.bytes);
      expect(figures[k]!.error).toBeGreaterThan(figures[k - 1]!.error);
    }
  });

  it('C-10: a keyframe comes at least every 5 s of the frames’ times, at any rate', () => {
    for (const [gapMs, framesPerPacket] of [
      [33, 1],
      [33, 3],
      [100, 1],
      [50, 2],
    ] as const) {
      const encoder = new RangePoseEncoder();
      encoder.framesPerPacket = framesPerPacket;
      const pose = createPose();
      let keyframeMs = 0;
      let longestMs = 0;
      for (let timeMs = 0; timeMs < 21_000; timeMs += gapMs) {
        if (encoder.encode(pose, timeMs) === 0 || !isKeyframe(encoder.packet)) continue;
        longestMs = Math.max(longestMs, timeMs - keyframeMs);
        keyframeMs = timeMs;
      }
      expect(longestMs).toBeLessThanOrEqual(5000);
      expect(longestMs).toBeGreaterThan(4500);
    }
  });

  it('C-10: a requested keyframe drops waiting frames and sends the next one at once', () => {
    const session = new CodecSession();
    session.encoder.framesPerPacket = 3;
    const poses = calmPoses(6);
    for (let frame = 0; frame < 3; frame += 1) session.pass(poses[frame]!, frame * 33);
    session.encoder.requestKeyframe();
    const packet = session.encode(poses[3]!, 99)!;
    expect(isKeyframe(packet)).toBe(true);
    const late = new CodecSession();
    expect(late.decode(packet)).toBeNull();
    expect(late.frames.map(({ timeMs }) => timeMs)).toEqual([99]);
    expect(session.decode(packet)).toBeNull();
    expect(session.decoder.lost).toBe(0);
  });

  it.each([
    ['goes back', -1],
    ['jumps', 1001],
  ])('C-10: a time that %s makes a keyframe', (_, gapMs) => {
    const session = new CodecSession();
    session.pass(createPose(), 5000);
    const packet = session.encode(createPose(), 5000 + gapMs)!;
    expect(isKeyframe(packet)).toBe(true);
    expect(session.decode(packet)).toBeNull();
    expect(session.frames.map(({ timeMs }) => timeMs)).toEqual([5000, 5000 + gapMs]);
  });

  it('C-15: parts come and go without a keyframe; a packet has the parts of all its frames', () => {
    const session = new CodecSession();
    const poses = calmPoses(40);
    const hands = PosePart.leftFingers | PosePart.rightFingers;
    const expected = poses.map((pose, frame) => {
      pose.parts = frame % 7 > 3 ? ALL_PARTS & ~hands : ALL_PARTS;
      return pose.parts;
    });
    let keyframes = 0;
    poses.forEach((pose, frame) => {
      const packet = session.encode(pose, frame * 33);
      if (!packet) return;
      if (isKeyframe(packet)) keyframes += 1;
      expect(session.decode(packet)).toBeNull();
    });
    expect(keyframes).toBe(1);
    expect(session.frames.map(({ pose }) => pose.parts)).toEqual(expected.slice(0, session.frames.length));
    expect(session.frames.length).toBeGreaterThan(37);
    session.frames.forEach(({ pose }, frame) => {
      for (let bone = 0; bone < BONE_COUNT; bone += 1) {
        const isPresent = (expected[frame]! & BONE_PARTS[bone]!) !== 0;
        expect(errorDeg(pose, isPresent ? poses[frame]! : createPose(), bone)).toBeLessThan(6);
      }
    });
  });

  it('C-12, C-13: settings may change at any time and are bounded', () => {
    const session = new CodecSession();
    const poses = calmPoses(60);
    const settings = [Number.NaN, -3, 99, 2.4, 1, 3];
    poses.forEach((pose, frame) => {
      session.encoder.framesPerPacket = settings[(frame >> 2) % settings.length]!;
      if (frame % 20 === 10) session.encoder.compression = settings[(frame / 10) % settings.length]!;
      expect(session.pass(pose, frame * 33)).toBeNull();
    });
    expect(session.decoder.lost).toBe(0);
    expect(session.frames.length).toBeGreaterThan(55);
  });
});
