import { BONES, type BoneName } from '@/lib/pose/bones';
import { PosePart } from '@/lib/pose/pose';

/** What is tracked, lost and eased together: finer than the parts of a pose, since an arm may be out of sight alone. */
export const Group = {
  trunk: 0,
  head: 1,
  leftArm: 2,
  rightArm: 3,
  leftFingers: 4,
  rightFingers: 5,
  face: 6,
  gaze: 7,
  legs: 8,
} as const;

export type GroupIndex = (typeof Group)[keyof typeof Group];

export const GROUPS: readonly GroupIndex[] = Object.values(Group);

/** The part of a pose that each group belongs to, in the order of {@link Group}. */
export const GROUP_PARTS: readonly number[] = [
  PosePart.upperBody,
  PosePart.upperBody,
  PosePart.upperBody,
  PosePart.upperBody,
  PosePart.leftFingers,
  PosePart.rightFingers,
  PosePart.face,
  PosePart.gaze,
  PosePart.legs,
];

function groupOf(bone: BoneName): GroupIndex {
  if (/Thumb|Index|Middle|Ring|Little/.test(bone)) {
    return bone.startsWith('left') ? Group.leftFingers : Group.rightFingers;
  }
  if (/Leg|Foot|Toes/.test(bone)) return Group.legs;
  if (/Shoulder|Arm|Hand/.test(bone)) return bone.startsWith('left') ? Group.leftArm : Group.rightArm;
  return bone === 'neck' || bone === 'head' ? Group.head : Group.trunk;
}

/** The group of each bone of `BONES`. */
export const BONE_GROUPS: readonly GroupIndex[] = BONES.map(groupOf);
