import { BONE_PARTS } from '@/lib/pose/boneParts';
import type { Pose } from '@/lib/pose/pose';
import { ROTATIONS_OFFSET } from '@/lib/pose/pose';
import { angleBetweenQuats } from '@/lib/pose/quat';

/** A recording whose bones never turn further from their first frame than this recorded nothing there, radians. */
const STILL_RAD = (0.5 * Math.PI) / 180;

function movesBone(poses: readonly Pose[], bone: number): boolean {
  const at = ROTATIONS_OFFSET + bone * 4;
  const first = poses[0]!.values;
  return poses.some(({ values }) => angleBetweenQuats(first, at, values, at) > STILL_RAD);
}

/** Whether no bone of `part` (one `PosePart` bit) moves in the whole clip: some formats have joints that nobody recorded. */
export function isStill(poses: readonly Pose[], part: number): boolean {
  return !BONE_PARTS.some((of, bone) => of === part && movesBone(poses, bone));
}
