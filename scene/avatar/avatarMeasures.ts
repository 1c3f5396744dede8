import type { BufferAttribute, BufferGeometry, InterleavedBufferAttribute } from 'three';
import { BONE_INDEX, type BoneName } from '@/lib/pose/bones';

/** Lengths of a model at rest, metres, root space, for sitting, framing and name plates. */
export interface AvatarMeasures {
  readonly hipsY: number;
  readonly hipJointY: number;
  readonly kneeY: number;
  readonly ankleY: number;
  /** From the hip joint to the back of the thigh, which lies on the seat. */
  readonly thighBack: number;
  readonly headJointY: number;
  readonly eyeY: number;
  /** Top of the head, hair included. */
  readonly topY: number;
}

type Attribute = BufferAttribute | InterleavedBufferAttribute;

/** The parts of a mesh that measuring needs. */
export interface MeasuredMesh {
  readonly geometry: BufferGeometry;
  /** Index in `BONES` of each joint, -1 for others. */
  readonly jointBones: readonly number[];
}

const EYES_ABOVE_HEAD_JOINT = 0.17;
const THIGH_BACK_DEFAULT = 0.08;
/** What is farther from the hip joint (m) is cloth, not thigh. */
const THIGH_BACK_MAX = 0.14;

/** The bone that moves vertex `index` most. */
function strongestBone(mesh: MeasuredMesh, joints: Attribute, weights: Attribute, index: number): number {
  let best = 0;
  for (let k = 1; k < 4; k += 1) {
    if (weights.getComponent(index, k) > weights.getComponent(index, best)) best = k;
  }
  return mesh.jointBones[joints.getComponent(index, best)] ?? -1;
}

function eachVertex(mesh: MeasuredMesh, visit: (bone: number, y: number, z: number) => void): void {
  const { position, skinIndex, skinWeight } = mesh.geometry.attributes;
  if (!position || !skinIndex || !skinWeight) return;
  for (let i = 0; i < position.count; i += 1) {
    visit(strongestBone(mesh, skinIndex, skinWeight, i), position.getY(i), position.getZ(i));
  }
}

/** Measures a model by the rest positions of its joints (`jointAt`: root space, null where absent) and its meshes. */
export function measureAvatar(
  jointAt: (bone: BoneName) => { y: number; z: number } | null,
  meshes: readonly MeasuredMesh[],
): AvatarMeasures {
  const hips = jointAt('hips') ?? { y: 0.9, z: 0 };
  const hipJoint = jointAt('leftUpperLeg') ?? hips;
  const head = jointAt('head') ?? { y: hips.y * 1.7, z: 0 };
  let thighBack = 0;
  let topY = head.y;
  for (const mesh of meshes) {
    eachVertex(mesh, (bone, y, z) => {
      if (bone === BONE_INDEX.head) topY = Math.max(topY, y);
      else if (bone === BONE_INDEX.leftUpperLeg) thighBack = Math.max(thighBack, hipJoint.z - z);
    });
  }
  const kneeY = jointAt('leftLowerLeg')?.y ?? hipJoint.y * 0.55;
  return {
    hipsY: hips.y,
    hipJointY: hipJoint.y,
    kneeY,
    ankleY: jointAt('leftFoot')?.y ?? kneeY * 0.2,
    thighBack: thighBack > 0 ? Math.min(thighBack, THIGH_BACK_MAX) : THIGH_BACK_DEFAULT,
    headJointY: head.y,
    eyeY: head.y + EYES_ABOVE_HEAD_JOINT,
    topY,
  };
}
