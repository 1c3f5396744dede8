import { ARKIT_COUNT } from '@/lib/pose/arkit';
import { FACE_OFFSET, GAZE_OFFSET, PosePart } from '@/lib/pose/pose';
import { writeGazeMorphs } from './gazeMorphs';

/** Weights below this are not drawn, by level: what nobody sees from so far. */
const LEAST_WEIGHT = [0.002, 0.02, 0.1, Number.POSITIVE_INFINITY] as const;

const weights = new Float32Array(ARKIT_COUNT);

/**
 * Writes the face of the pose values at `poseAt` as pairs (blendshape, weight) from `out[at]` on and returns how many;
 * weights nobody sees at `level` count as 0. The pair after the last is emptied, since two share a texel. Allocates nothing.
 */
export function writeFace(
  poses: Float32Array,
  poseAt: number,
  parts: number,
  level: number,
  out: Float32Array,
  at: number,
): number {
  const least = LEAST_WEIGHT[Math.min(level, LEAST_WEIGHT.length - 1)]!;
  const face = poseAt + FACE_OFFSET;
  for (let i = 0; i < ARKIT_COUNT; i += 1) weights[i] = poses[face + i]!;
  const gaze = poseAt + GAZE_OFFSET;
  if (parts & PosePart.gaze) writeGazeMorphs(poses, gaze, weights);
  let count = 0;
  for (let i = 0; i < ARKIT_COUNT; i += 1) {
    if (weights[i]! < least) continue;
    out[at + count * 2] = i;
    out[at + count * 2 + 1] = weights[i]!;
    count += 1;
  }
  if (count % 2 === 1) out.fill(0, at + count * 2, at + count * 2 + 2);
  return count;
}
