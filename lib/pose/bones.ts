/** The 22 body bones that Parley moves, in the order of the VRM 1.0 specification without eyes and jaw (rule P-1). */
export const BODY_BONES = [
  'hips',
  'spine',
  'chest',
  'upperChest',
  'neck',
  'head',
  'leftUpperLeg',
  'leftLowerLeg',
  'leftFoot',
  'leftToes',
  'rightUpperLeg',
  'rightLowerLeg',
  'rightFoot',
  'rightToes',
  'leftShoulder',
  'leftUpperArm',
  'leftLowerArm',
  'leftHand',
  'rightShoulder',
  'rightUpperArm',
  'rightLowerArm',
  'rightHand',
] as const;

/** The 30 finger bones: left hand, then right; thumb to little; from the palm outwards (rule P-1). */
export const FINGER_BONES = [
  'leftThumbMetacarpal',
  'leftThumbProximal',
  'leftThumbDistal',
  'leftIndexProximal',
  'leftIndexIntermediate',
  'leftIndexDistal',
  'leftMiddleProximal',
  'leftMiddleIntermediate',
  'leftMiddleDistal',
  'leftRingProximal',
  'leftRingIntermediate',
  'leftRingDistal',
  'leftLittleProximal',
  'leftLittleIntermediate',
  'leftLittleDistal',
  'rightThumbMetacarpal',
  'rightThumbProximal',
  'rightThumbDistal',
  'rightIndexProximal',
  'rightIndexIntermediate',
  'rightIndexDistal',
  'rightMiddleProximal',
  'rightMiddleIntermediate',
  'rightMiddleDistal',
  'rightRingProximal',
  'rightRingIntermediate',
  'rightRingDistal',
  'rightLittleProximal',
  'rightLittleIntermediate',
  'rightLittleDistal',
] as const;

/** All 52 bones in wire and storage order. */
export const BONES = [...BODY_BONES, ...FINGER_BONES] as const;

export type BodyBoneName = (typeof BODY_BONES)[number];
export type BoneName = (typeof BONES)[number];

export const BODY_BONE_COUNT = BODY_BONES.length;
export const BONE_COUNT = BONES.length;

/** Index of each bone in {@link BONES}. */
export const BONE_INDEX = Object.fromEntries(BONES.map((name, index) => [name, index])) as Record<BoneName, number>;

const BODY_PARENTS: Record<BodyBoneName, BodyBoneName | null> = {
  hips: null,
  spine: 'hips',
  chest: 'spine',
  upperChest: 'chest',
  neck: 'upperChest',
  head: 'neck',
  leftUpperLeg: 'hips',
  leftLowerLeg: 'leftUpperLeg',
  leftFoot: 'leftLowerLeg',
  leftToes: 'leftFoot',
  rightUpperLeg: 'hips',
  rightLowerLeg: 'rightUpperLeg',
  rightFoot: 'rightLowerLeg',
  rightToes: 'rightFoot',
  leftShoulder: 'upperChest',
  leftUpperArm: 'leftShoulder',
  leftLowerArm: 'leftUpperArm',
  leftHand: 'leftLowerArm',
  rightShoulder: 'upperChest',
  rightUpperArm: 'rightShoulder',
  rightLowerArm: 'rightUpperArm',
  rightHand: 'rightLowerArm',
};

/** Bones of a finger; the first hangs from the hand. */
const BONES_PER_FINGER = 3;

function parentOf(index: number): number {
  if (index < BODY_BONE_COUNT) {
    const parent = BODY_PARENTS[BODY_BONES[index]!];
    return parent === null ? -1 : BONE_INDEX[parent];
  }
  const fingerIndex = index - BODY_BONE_COUNT;
  if (fingerIndex % BONES_PER_FINGER !== 0) return index - 1;
  return BONE_INDEX[fingerIndex < FINGER_BONES.length / 2 ? 'leftHand' : 'rightHand'];
}

/** Index of each bone's parent in {@link BONES}, -1 for the hips. */
export const BONE_PARENTS: readonly number[] = BONES.map((_, index) => parentOf(index));
