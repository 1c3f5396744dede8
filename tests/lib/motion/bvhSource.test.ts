import { describe, expect, it } from 'vitest';
import { createBvhSource } from '@/lib/motion/bvhSource';
import { BONE_COUNT, BONE_INDEX } from '@/lib/pose/bones';
import { createPose, type Pose, ROTATIONS_OFFSET } from '@/lib/pose/pose';
import { angleBetweenQuats } from '@/lib/pose/quat';
import { DAZ, LIVELY, makeClip } from './madeClips';

const DEGREES = 180 / Math.PI;

function largestStepDeg(a: Pose, b: Pose): number {
  let largest = 0;
  for (let bone = 0; bone < BONE_COUNT; bone += 1) {
    const at = ROTATIONS_OFFSET + bone * 4;
    largest = Math.max(largest, angleBetweenQuats(a.values, at, b.values, at) * DEGREES);
  }
  return largest;
}

describe('playing a BVH file', () => {
  // One turn of the head from 0 to 60 degrees in two seconds: start and end are far apart.
  const nod = createBvhSource(
    makeClip(DAZ, { frames: 61, motion: (bone, frame) => (bone === 'head' ? [frame, 0, 0] : [0, 0, 0]) }),
  );
  const headAt = (timeMs: number) => {
    const pose = nod.sample(timeMs, createPose());
    return angleBetweenQuats(pose.values, ROTATIONS_OFFSET + BONE_INDEX.head * 4, [0, 0, 0, 1], 0) * DEGREES;
  };

  it('a source follows its clip, between the frames too', () => {
    expect(headAt(0)).toBeCloseTo(0, 3);
    expect(headAt(1000)).toBeCloseTo(30, 3);
    expect(headAt(1016.6666)).toBeCloseTo(30.5, 3);
  });

  it('a source loops without a seam', () => {
    expect(nod.periodMs).toBeCloseTo(1700);
    expect(headAt(nod.periodMs + 1000)).toBeCloseTo(30, 3);
    const before = createPose();
    const after = createPose();
    for (let timeMs = 1500; timeMs < 2200; timeMs += 5) {
      nod.sample(timeMs, before);
      nod.sample(timeMs + 5, after);
      // 60 degrees blend away in 0.3 s, at most 1.5 times as fast as on average.
      expect(largestStepDeg(before, after)).toBeLessThan(1.6);
    }
  });

  it('a source gives the same pose at the same time, whatever was sampled before, and accepts any time', () => {
    const source = createBvhSource(makeClip(DAZ, { frames: 40, motion: LIVELY }));
    const expected = source.sample(777, createPose());
    source.sample(1e9, createPose());
    expect(source.sample(777, createPose())).toEqual(expected);
    for (const odd of [-5, Number.NaN, Number.POSITIVE_INFINITY, 1e12]) {
      expect(source.sample(odd, createPose()).values.every(Number.isFinite)).toBe(true);
    }
  });

  it('a clip of a single frame plays for ever', () => {
    const source = createBvhSource(makeClip(DAZ, { frames: 1, motion: LIVELY }));
    expect(source.sample(12_345, createPose())).toEqual(source.sample(0, createPose()));
  });
});
