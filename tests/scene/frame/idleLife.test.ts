import { describe, expect, it } from 'vitest';
import { ARKIT_INDEX } from '@/lib/pose/arkit';
import { BONE_COUNT } from '@/lib/pose/bones';
import { createEasePose } from '@/lib/pose/easePose';
import { copyPose, createPose, FACE_OFFSET } from '@/lib/pose/pose';
import { angleBetweenQuats } from '@/lib/pose/quat';
import { IdleLife, writeAway } from '@/scene/frame/idleLife';
import { rotationAt, rotationOf } from '@/scene/frame/poseBlend';

const FRAME_MS = 1000 / 60;
const DEGREES = 180 / Math.PI;
const LID = FACE_OFFSET + ARKIT_INDEX.eyeBlinkLeft;
const REST = createEasePose();

/** The pose after each of `frames` frames. */
function* live(life: IdleLife, frames: number): Generator<Float32Array> {
  for (let frame = 0; frame < frames; frame += 1) {
    life.advance(FRAME_MS);
    const { values } = copyPose(REST, createPose());
    life.write(values);
    yield values;
  }
}

describe('IdleLife', () => {
  it('an idle person blinks 15 to 20 times a minute, with both lids fully shut', () => {
    for (const seed of [0, 0.37, 1]) {
      let blinks = 0;
      let widest = 0;
      let before = 0;
      for (const values of live(new IdleLife(seed), 60 * 60)) {
        const lid = values[LID]!;
        if (before === 0 && lid > 0) blinks += 1;
        widest = Math.max(widest, lid);
        before = lid;
        expect(values[FACE_OFFSET + ARKIT_INDEX.eyeBlinkRight]).toBe(lid);
      }
      expect(blinks).toBeGreaterThanOrEqual(15);
      expect(blinks).toBeLessThanOrEqual(20);
      expect(widest).toBeGreaterThan(0.95);
    }
  });

  it('an idle person always moves, but no bone by more than a fifth of a degree a frame', () => {
    let before: Float32Array | null = null;
    let stillFrames = 0;
    let largestDeg = 0;
    let worstLength = 0;
    for (const values of live(new IdleLife(0.6), 60 * 30)) {
      for (let bone = 0; before !== null && bone < BONE_COUNT; bone += 1) {
        const at = rotationAt(bone);
        worstLength = Math.max(worstLength, Math.abs(Math.hypot(...values.subarray(at, at + 4)) - 1));
        largestDeg = Math.max(largestDeg, angleBetweenQuats(before, at, values, at) * DEGREES);
      }
      const last = before;
      if (last?.every((value, index) => value === values[index])) stillFrames += 1;
      before = values;
    }
    expect(worstLength).toBeLessThan(5e-6);
    expect(largestDeg).toBeLessThan(0.2);
    expect(stillFrames).toBe(0);
  });

  it('idle motion depends only on seed and time, not on the length of frames', () => {
    const poseAfter = (seed: number, stepsMs: readonly number[]) => {
      const life = new IdleLife(seed);
      for (const ms of stepsMs) life.advance(ms);
      const { values } = copyPose(REST, createPose());
      life.write(values);
      return values;
    };
    expect(poseAfter(0.2, [4000, 96, 4])).toEqual(poseAfter(0.2, [100, 4000]));
    expect(poseAfter(0.2, [4100])).not.toEqual(poseAfter(0.3, [4100]));
  });

  it('idle motion leaves arms and legs alone', () => {
    for (const values of live(new IdleLife(0.4), 300)) {
      for (const bone of ['leftUpperArm', 'rightLowerArm', 'leftUpperLeg', 'rightFoot'] as const) {
        const at = rotationOf(bone);
        expect(values.subarray(at, at + 4)).toEqual(REST.values.subarray(at, at + 4));
      }
    }
  });
});

describe('writeAway', () => {
  it('a person who is away bows the head and lowers the lids by the share', () => {
    const head = rotationOf('head');
    const bowOf = (share: number) => {
      const { values } = copyPose(REST, createPose());
      writeAway(values, share);
      return { deg: angleBetweenQuats(values, head, REST.values, head) * DEGREES, lid: values[LID]! };
    };
    expect(bowOf(1).deg).toBeCloseTo(13, 1);
    expect(bowOf(0.5).deg).toBeCloseTo(6.5, 1);
    expect(bowOf(1).lid).toBeCloseTo(0.3, 5);
  });

  it('being away leaves blinking lids shut', () => {
    const { values } = copyPose(REST, createPose());
    values[LID] = 0.9;
    writeAway(values, 1);
    expect(values[LID]).toBeCloseTo(0.9, 5);
  });
});
