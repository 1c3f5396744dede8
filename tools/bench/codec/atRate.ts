import { blendPoses } from '@/lib/pose/blendPoses';
import { createPose } from '@/lib/pose/pose';
import type { BenchClip } from './benchClip';

/** The clip as it is sent `fps` times a second, its poses between frames blended from their neighbours. */
export function atRate(clip: BenchClip, fps: number): BenchClip {
  const { poses } = clip;
  const step = clip.fps / fps;
  const count = Math.floor((poses.length - 1) / step) + 1;
  const resampled = Array.from({ length: count }, (_, k) => {
    const before = Math.floor(k * step);
    const after = Math.min(before + 1, poses.length - 1);
    return blendPoses(poses[before]!, poses[after]!, k * step - before, createPose());
  });
  return { ...clip, fps, poses: resampled };
}
