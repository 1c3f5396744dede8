import { ARKIT_COUNT } from '@/lib/pose/arkit';
import { FACE_OFFSET, GAZE_OFFSET, PosePart } from '@/lib/pose/pose';
import { writeGazeMorphs } from './gazeMorphs';

const weights = new Float32Array(ARKIT_COUNT);

/**
 * Writes the face of the pose values at `poseAt` as pairs (blendshape, weight) from `out[at]` on and returns how many;
 * weights below `least` count as 0. The pair after the last is emptied, since two share a texel. Allocates nothing.
 */
export function writeFace(
  poses: Float32Array,
  poseAt: number,
  parts: number,
  least: number,
  out: Float32Array,
  at: number,
): number {
  const face = poseAt + FACE_OFFSET;
  for (let i = 0; i < ARKIT_COUNT; i += 1) weights[i] = poses[face + i]!;
  const gaze = poseAt + GAZE_OFFSET;
  if (parts & PosePart.gaze) writeGazeMorphs(poses[gaze]!, poses[gaze + 1]!, weights);
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
