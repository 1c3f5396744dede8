import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attentionAt, createAttention } from '@/lib/motion/idleAttention';
import { blinkAt } from '@/lib/motion/idleFace';
import { createIdleSource, IDLE_PARTS } from '@/lib/motion/idleSource';
import { talkAt } from '@/lib/motion/idleTalk';
import { BONE_COUNT, BONE_INDEX, BONES, type BoneName } from '@/lib/pose/bones';
import { createBodyState, solveBody } from '@/lib/pose/forwardKinematics';
import { createPose, FACE_OFFSET, GAZE_OFFSET, PosePart, ROTATIONS_OFFSET } from '@/lib/pose/pose';
import { angleBetweenQuats, rotateVector } from '@/lib/pose/quat';

const seed = fc.integer();
const timeMs = fc.double({ min: 0, max: 3_600_000, noNaN: true });
const DEGREES = 180 / Math.PI;

function bodyAt(ofSeed: number, ms: number) {
  const pose = createIdleSource(ofSeed).sample(ms, createPose());
  const body = solveBody(pose, createBodyState());
  const place = (bone: BoneName) => Array.from(body.positions.subarray(BONE_INDEX[bone] * 3, BONE_INDEX[bone] * 3 + 3));
  const direction = (bone: BoneName, v: number[]) => {
    const out = [0, 0, 0];
    rotateVector(body.rotations, BONE_INDEX[bone] * 4, v, 0, out, 0);
    return out;
  };
  return { pose, place, direction };
}

describe('an idle person', () => {
  it('P-8: an idle person moves everything but the legs', () => {
    expect(IDLE_PARTS & PosePart.legs).toBe(0);
    expect(createIdleSource(1).sample(0, createPose()).parts).toBe(IDLE_PARTS);
  });

  it('P-2, P-6, P-9: an idle pose is always valid: unit rotations, weights of 0 to 1, finite numbers', () => {
    fc.assert(
      fc.property(seed, fc.oneof(timeMs, fc.double()), (ofSeed, ms) => {
        const { values } = createIdleSource(ofSeed).sample(ms, createPose());
        expect(values.every(Number.isFinite)).toBe(true);
        for (let bone = 0; bone < BONE_COUNT; bone += 1) {
          const at = ROTATIONS_OFFSET + bone * 4;
          expect(Math.hypot(...values.subarray(at, at + 4))).toBeCloseTo(1, 5);
        }
        for (const weight of values.subarray(FACE_OFFSET, GAZE_OFFSET)) {
          expect(weight).toBeGreaterThanOrEqual(0);
          expect(weight).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('an idle person moves without jerks: no bone turns faster than 200 degrees a second', () => {
    const from = createPose();
    const to = createPose();
    fc.assert(
      fc.property(seed, timeMs, (ofSeed, ms) => {
        const source = createIdleSource(ofSeed);
        source.sample(ms, from);
        source.sample(ms + 5, to);
        for (let bone = 0; bone < BONE_COUNT; bone += 1) {
          const at = ROTATIONS_OFFSET + bone * 4;
          const speed = (angleBetweenQuats(from.values, at, to.values, at) * DEGREES) / 0.005;
          expect(speed, BONES[bone]).toBeLessThan(200);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('an idle person moves a little all the time', () => {
    const source = createIdleSource(7);
    const before = source.sample(0, createPose());
    for (let ms = 2000; ms < 60_000; ms += 2000) {
      const after = source.sample(ms, createPose());
      expect(after.values).not.toEqual(before.values);
      before.values.set(after.values);
    }
  });

  it('an idle pose depends on seed and time alone', () => {
    fc.assert(
      fc.property(seed, timeMs, timeMs, (ofSeed, ms, otherMs) => {
        const source = createIdleSource(ofSeed);
        const expected = source.sample(ms, createPose());
        source.sample(otherMs, createPose());
        expect(source.sample(ms, createPose())).toEqual(expected);
        expect(createIdleSource(ofSeed).sample(ms, createPose())).toEqual(expected);
        expect(createIdleSource(ofSeed + 1).sample(ms, createPose())).not.toEqual(expected);
      }),
    );
  });

  it('an idle person sits with hanging upper arms and bent elbows, hands in front and palms down', () => {
    fc.assert(
      fc.property(seed, timeMs, (ofSeed, ms) => {
        const { place, direction } = bodyAt(ofSeed, ms);
        for (const [side, sign] of [
          ['left', 1],
          ['right', -1],
        ] as const) {
          const along = [sign, 0, 0];
          expect(direction(`${side}UpperArm`, along)[1]).toBeLessThan(-0.75);
          const [x, y, z] = place(`${side}Hand`);
          expect(x! * sign).toBeGreaterThan(0.02);
          expect(x! * sign).toBeLessThan(0.35);
          expect(z).toBeGreaterThan(0.18);
          expect(y).toBeGreaterThan(place('hips')[1]! - 0.05);
          expect(y).toBeLessThan(place('head')[1]! - 0.05);
          // Fingers curl towards the palm, so they never stick out beyond the back of the hand.
          expect(direction(`${side}IndexDistal`, along)[1]).toBeLessThan(direction(`${side}Hand`, along)[1]! + 0.35);
        }
        expect(place('head')[1]).toBeGreaterThan(1.4);
        expect(direction('head', [0, 0, 1])[2]).toBeGreaterThan(0.7);
      }),
      { numRuns: 1000 },
    );
    expect(bodyAt(1, 0).direction('leftHand', [0, -1, 0])[1]).toBeLessThan(-0.8);
  });

  it('an idle person blinks 12 to 24 times a minute, sometimes twice in a row, and closes the lids fully', () => {
    for (const ofSeed of [1, 2, 3]) {
      let blinks = 0;
      let doubles = 0;
      let isShut = false;
      let lastSeconds = Number.NEGATIVE_INFINITY;
      for (let seconds = 0; seconds < 600; seconds += 0.01) {
        const shut = blinkAt(ofSeed, seconds) > 0.95;
        if (shut && !isShut) {
          blinks += 1;
          if (seconds - lastSeconds < 0.4) doubles += 1;
          lastSeconds = seconds;
        }
        isShut = shut;
      }
      expect(blinks / 10).toBeGreaterThan(12);
      expect(blinks / 10).toBeLessThan(24);
      expect(doubles).toBeGreaterThan(0);
    }
  });

  it('P-7: a look to the left has positive yaw, and the head follows', () => {
    const before = createAttention();
    const after = createAttention();
    let wasAside = false;
    for (let seconds = 0; seconds < 300; seconds += 0.25) {
      attentionAt(5, seconds, before);
      attentionAt(5, seconds + 0.75, after);
      const looksAside = before.gazeYaw + before.headYaw > 0.25 && after.gazeYaw + after.headYaw > 0.25;
      if (!looksAside) continue;
      wasAside = true;
      expect(after.gazeYaw).toBeGreaterThan(0);
      expect(bodyAt(5, (seconds + 0.75) * 1000).direction('head', [0, 0, 1])[0]).toBeGreaterThan(0.05);
    }
    expect(wasAside).toBe(true);
  });

  it('the gaze stays within what eyes can do', () => {
    fc.assert(
      fc.property(seed, timeMs, (ofSeed, ms) => {
        const { gazeYaw, gazePitch } = attentionAt(ofSeed, ms / 1000, createAttention());
        expect(Math.abs(gazeYaw) * DEGREES).toBeLessThan(55);
        expect(Math.abs(gazePitch) * DEGREES).toBeLessThan(30);
      }),
      { numRuns: 1000 },
    );
  });

  it('an idle person talks between a tenth and a third of the time, with a moving jaw', () => {
    let talked = 0;
    let widest = 0;
    const source = createIdleSource(11);
    const pose = createPose();
    const jaw = FACE_OFFSET + 24;
    for (let seconds = 0; seconds < 1200; seconds += 0.1) {
      const talks = talkAt(11, seconds) > 0.5;
      source.sample(seconds * 1000, pose);
      if (talks) talked += 1;
      else if (talkAt(11, seconds) === 0) expect(pose.values[jaw]).toBe(0);
      widest = Math.max(widest, pose.values[jaw]!);
    }
    expect(talked / 12_000).toBeGreaterThan(0.1);
    expect(talked / 12_000).toBeLessThan(0.34);
    expect(widest).toBeGreaterThan(0.2);
  });
});
