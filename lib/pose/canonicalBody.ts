import { BODY_BONES, BONES, type BodyBoneName, type BoneName } from './bones';

/** Height in metres at which the hips of the canonical body rest in T-pose: the unit of hips offsets (rule P-3). */
export const HIPS_REST_HEIGHT_M = 0.95;

type Vector = readonly [x: number, y: number, z: number];

/** Left side and middle of the canonical body, metres from the parent bone; the right side mirrors the left. */
const LEFT_AND_MIDDLE: Partial<Record<BodyBoneName, Vector>> = {
  hips: [0, HIPS_REST_HEIGHT_M, 0],
  spine: [0, 0.08, 0],
  chest: [0, 0.12, 0],
  upperChest: [0, 0.12, 0],
  neck: [0, 0.15, 0],
  head: [0, 0.09, 0.01],
  leftUpperLeg: [0.09, -0.03, 0],
  leftLowerLeg: [0, -0.42, 0],
  leftFoot: [0, -0.42, 0],
  leftToes: [0, -0.06, 0.13],
  leftShoulder: [0.03, 0.1, 0],
  leftUpperArm: [0.14, 0, 0],
  leftLowerArm: [0.27, 0, 0],
  leftHand: [0.25, 0, 0],
};

const FINGER_ROOTS: Readonly<Record<string, Vector>> = {
  Thumb: [0.025, -0.01, 0.025],
  Index: [0.09, 0, 0.025],
  Middle: [0.092, 0, 0.005],
  Ring: [0.088, 0, -0.015],
  Little: [0.08, 0, -0.033],
};
const PHALANX: Vector = [0.03, 0, 0];
const THUMB_PHALANX: Vector = [0.025, 0, 0.025];

function fingerOffset(bone: string): Vector {
  const [, finger = '', joint = ''] = /^left(Thumb|Index|Middle|Ring|Little)(.+)$/.exec(bone) ?? [];
  const isRoot = joint === 'Metacarpal' || (joint === 'Proximal' && finger !== 'Thumb');
  if (isRoot) return FINGER_ROOTS[finger]!;
  return finger === 'Thumb' ? THUMB_PHALANX : PHALANX;
}

function offsetOf(bone: BoneName): Vector {
  if (bone.startsWith('right')) {
    const [x, y, z] = offsetOf(bone.replace('right', 'left') as BoneName);
    return [-x, y, z];
  }
  const isBody = (BODY_BONES as readonly string[]).includes(bone);
  return isBody ? LEFT_AND_MIDDLE[bone as BodyBoneName]! : fingerOffset(bone);
}

/** Offset of each bone from its parent in T-pose, metres: x y z for each bone in the order of `BONES`. */
export const CANONICAL_OFFSETS: Float32Array = Float32Array.from(BONES.flatMap((bone) => [...offsetOf(bone)]));
