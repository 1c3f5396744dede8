import { expect, it } from 'vitest';
import { ARKIT_COUNT } from '@/lib/pose/arkit';
import { BONE_COUNT } from '@/lib/pose/bones';
import { ALL_PARTS, FACE_OFFSET, ROTATIONS_OFFSET } from '@/lib/pose/pose';
import { createPoseLoop, LOOP_FRAMES, poseOf } from '@/tools/bench/scene/engines';

const loop = createPoseLoop();

it('the pose loop moves every bone from each frame to the next, in whole poses', () => {
  for (let frame = 0; frame < LOOP_FRAMES; frame += 1) {
    const { values, parts } = poseOf(loop, frame, 3);
    const next = poseOf(loop, frame + 1, 3).values;
    expect(parts).toBe(ALL_PARTS);
    for (let bone = 0; bone < BONE_COUNT; bone += 1) {
      const at = ROTATIONS_OFFSET + bone * 4;
      const q = values.subarray(at, at + 4);
      expect(Math.hypot(...q)).toBeCloseTo(1, 5);
      expect(Array.from(next.subarray(at, at + 4))).not.toEqual(Array.from(q));
    }
  }
});

it('the pose loop moves every face weight within its range', () => {
  for (let shape = 0; shape < ARKIT_COUNT; shape += 1) {
    const weights = loop.map(({ values }) => values[FACE_OFFSET + shape]!);
    expect(Math.max(...weights)).toBeGreaterThan(0.3);
    expect(Math.max(...weights)).toBeLessThanOrEqual(1);
    expect(Math.min(...weights)).toBe(0);
  }
});

it('the pose loop gives neighbours different poses', () => {
  expect(poseOf(loop, 0, 0)).not.toBe(poseOf(loop, 0, 1));
});
