import { describe, expect, it } from 'vitest';
import { createBvhSource } from '@/lib/motion/bvhSource';
import { parseBvh } from '@/lib/motion/parseBvh';
import { BONE_INDEX } from '@/lib/pose/bones';
import { createPose, HIPS_OFFSET, ROTATIONS_OFFSET } from '@/lib/pose/pose';
import { rotateVector } from '@/lib/pose/quat';
import { LIMBS, LimbJudge } from './limbDirections';
import { NO_REAL_CLIPS, REAL_CLIPS } from './realClips';

// bvhRetarget.test.ts does the same with made clips.
describe.skipIf(REAL_CLIPS.length === 0)(
  `real recordings${REAL_CLIPS.length === 0 ? ` (${NO_REAL_CLIPS})` : ''}`,
  () => {
    it.each(REAL_CLIPS)('$name: limbs of the canonical body point where they point in the file', (file) => {
      const clip = parseBvh(file.read());
      const judge = new LimbJudge(clip);
      let sum = 0;
      let count = 0;
      for (let frame = 0; frame < clip.frameCount; frame += 11) {
        judge.show(frame);
        for (const limb of LIMBS) {
          sum += judge.errorDeg(limb);
          count += 1;
        }
      }
      expect(sum / count).toBeLessThan(0.1);
    });

    it.each(REAL_CLIPS)('$name: the body stands upright on the floor and bends its knees backwards', (file) => {
      const clip = parseBvh(file.read());
      const judge = new LimbJudge(clip);
      const kneeAt = ROTATIONS_OFFSET + BONE_INDEX.leftLowerLeg * 4;
      let lowestFoot = Number.POSITIVE_INFINITY;
      let headOverHips = 0;
      let frames = 0;
      for (let frame = 0; frame < clip.frameCount; frame += 11) {
        judge.show(frame);
        headOverHips += judge.place('head')[1] - judge.place('hips')[1];
        frames += 1;

        const shin = [0, -1, 0];
        rotateVector(judge.pose.values, kneeAt, shin, 0, shin, 0);
        if (shin[1]! > -0.9) expect(shin[2]).toBeLessThan(0);
        lowestFoot = Math.min(lowestFoot, judge.place('leftFoot')[1], judge.place('rightFoot')[1]);
      }
      expect(headOverHips / frames).toBeGreaterThan(0.45);
      expect(lowestFoot).toBeGreaterThan(-0.05);
      expect(lowestFoot).toBeLessThan(0.15);
    });

    it.each(REAL_CLIPS)(
      '$name: the clip faces +Z on average, starts over the origin and never jumps in its loop',
      (file) => {
        const source = createBvhSource(file.read());
        const pose = createPose();
        let heading = 0;
        const before = [0, 0, 0];
        for (let timeMs = 0; timeMs < source.periodMs * 2; timeMs += 1000 / 60) {
          source.sample(timeMs, pose);
          const forward = [0, 0, 1];
          rotateVector(pose.values, ROTATIONS_OFFSET, forward, 0, forward, 0);
          heading += forward[2]!;
          const step = [0, 1, 2].map((k) => pose.values[HIPS_OFFSET + k]! - before[k]!);
          // 15 m/s: a walk of several metres blends back to its start in 0.3 s.
          expect(Math.hypot(...step)).toBeLessThan(0.25);
          for (let k = 0; k < 3; k += 1) before[k] = pose.values[HIPS_OFFSET + k]!;
        }
        expect(heading).toBeGreaterThan(0);
        source.sample(0, pose);
        expect(pose.values[HIPS_OFFSET]).toBeCloseTo(0);
        expect(pose.values[HIPS_OFFSET + 2]).toBeCloseTo(0);
      },
    );
  },
);
