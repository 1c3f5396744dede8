import { BODY_BONE_COUNT, BONE_COUNT, BONES, FINGER_BONES } from './bones';
import { FACE_OFFSET, GAZE_OFFSET, HIPS_OFFSET, POSE_LENGTH, type Pose, PosePart, ROTATIONS_OFFSET } from './pose';

const LEG_BONE = /UpperLeg|LowerLeg|Foot|Toes/;

function partOf(bone: string, index: number): number {
  if (index < BODY_BONE_COUNT) return LEG_BONE.test(bone) ? PosePart.legs : PosePart.upperBody;
  return index < BODY_BONE_COUNT + FINGER_BONES.length / 2 ? PosePart.leftFingers : PosePart.rightFingers;
}

/** The `PosePart` bit that each bone of `BONES` belongs to (rule P-8). */
export const BONE_PARTS: readonly number[] = BONES.map(partOf);

function copyRange(from: Pose, to: Pose, start: number, end: number): void {
  for (let at = start; at < end; at += 1) to.values[at] = from.values[at]!;
}

/** Copies the numbers of `parts` (a sum of `PosePart` bits) from one pose to another; does not change `to.parts`. */
export function copyParts(from: Pose, parts: number, to: Pose): void {
  if (parts & PosePart.hips) copyRange(from, to, HIPS_OFFSET, ROTATIONS_OFFSET);
  for (let bone = 0; bone < BONE_COUNT; bone += 1) {
    const at = ROTATIONS_OFFSET + bone * 4;
    if (parts & BONE_PARTS[bone]!) copyRange(from, to, at, at + 4);
  }
  if (parts & PosePart.face) copyRange(from, to, FACE_OFFSET, GAZE_OFFSET);
  if (parts & PosePart.gaze) copyRange(from, to, GAZE_OFFSET, POSE_LENGTH);
}
