import { loadCorpus } from '@/tools/bench/motion/loadCorpus';
import { BoneErrors } from '@/tools/bench/solve/boneErrors';
import { BODY_NOISE, HAND_NOISE, LandmarkNoise } from '@/tools/bench/solve/landmarkNoise';
import { landmarksOf } from '@/tools/bench/solve/landmarkTruth';
import { createOurSolver, isFacing, yawDeg } from '@/tools/bench/solve/solveClip';

for (const seed of [1, 2, 3])
  for (const [at, { name, poses }] of loadCorpus('/work/shared/data/mocap', { say: () => {} }).entries()) {
    const noise = new LandmarkNoise(seed * 1000 + at, BODY_NOISE, HAND_NOISE);
    const frames = poses.map((p, i) => noise.apply(landmarksOf(p, (i * 1000) / 30)));
    const s = createOurSolver(frames[0]!, 1000 / 30);
    const bad: string[] = [];
    const all = new BoneErrors();
    poses.forEach((p, i) => {
      const q = s(frames[i]!, 1000 / 30);
      const d = Math.abs(((yawDeg(p) - yawDeg(q) + 540) % 360) - 180);
      if (isFacing(p)) {
        all.add(p, q);
        const one = new BoneErrors();
        one.add(p, q);
        if (one.direction.lower_arm.mean > 60 || d > 90)
          bad.push(
            `${i}:${yawDeg(p).toFixed(0)}/${yawDeg(q).toFixed(0)} ${one.direction.lower_arm.mean.toFixed(0)}${frames[i]!.face ? 'F' : ''}`,
          );
      }
    });
    console.log(seed, name, all.direction.lower_arm.mean.toFixed(2), bad.length, bad.slice(0, 8).join(' '));
  }
