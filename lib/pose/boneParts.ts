import { BODY_BONE_COUNT, BONES, FINGER_BONES } from './bones';
import { PosePart } from './pose';

const LEG_BONE = /UpperLeg|LowerLeg|Foot|Toes/;

function partOf(bone: string, index: number): number {
  if (index < BODY_BONE_COUNT) return LEG_BONE.test(bone) ? PosePart.legs : PosePart.upperBody;
  return index < BODY_BONE_COUNT + FINGER_BONES.length / 2 ? PosePart.leftFingers : PosePart.rightFingers;
}

/** The `PosePart` bit that each bone of `BONES` belongs to (rule P-8). */
export const BONE_PARTS: readonly number[] = BONES.map(partOf);
