import { BONE_PARTS } from '@/lib/pose/boneParts';
import { BONE_COUNT } from '@/lib/pose/bones';
import {
  FACE_OFFSET,
  GAZE_OFFSET,
  HIPS_OFFSET,
  POSE_LENGTH,
  type Pose,
  PosePart,
  ROTATIONS_OFFSET,
} from '@/lib/pose/pose';

function copyRange(from: Pose, to: Pose, start: number, end: number): void {
  for (let at = start; at < end; at += 1) to.values[at] = from.values[at]!;
}

/** Copies the numbers of `parts` (a sum of `PosePart` bits) from one pose to another; which parts `to` has stays. */
export function copyParts(from: Pose, parts: number, to: Pose): void {
  if (parts & PosePart.hips) copyRange(from, to, HIPS_OFFSET, ROTATIONS_OFFSET);
  for (let bone = 0; bone < BONE_COUNT; bone += 1) {
    const at = ROTATIONS_OFFSET + bone * 4;
    if (parts & BONE_PARTS[bone]!) copyRange(from, to, at, at + 4);
  }
  if (parts & PosePart.face) copyRange(from, to, FACE_OFFSET, GAZE_OFFSET);
  if (parts & PosePart.gaze) copyRange(from, to, GAZE_OFFSET, POSE_LENGTH);
}
