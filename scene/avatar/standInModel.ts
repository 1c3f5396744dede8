import {
  type BufferGeometry,
  CapsuleGeometry,
  Color,
  Float32BufferAttribute,
  Matrix4,
  Quaternion,
  SphereGeometry,
  Uint16BufferAttribute,
  Vector3,
} from 'three';
import { mergeGeometries } from 'three/addons/utils/BufferGeometryUtils.js';
import { BONE_INDEX, BONE_PARENTS, BONES, type BoneName } from '@/lib/pose/bones';
import { type AvatarModel, createAvatarModel } from './avatarModel';
import type { SourceNode } from './avatarSource';

type Triple = readonly [number, number, number];

/** Rest positions (m, root space) of the left and middle joints; the right ones mirror the left. */
const JOINTS: Partial<Record<BoneName, Triple>> = {
  hips: [0, 0.715, 0],
  spine: [0, 0.8, 0],
  chest: [0, 0.9, 0],
  upperChest: [0, 0.99, 0],
  neck: [0, 1.085, 0],
  head: [0, 1.133, 0],
  leftUpperLeg: [0.068, 0.68, 0],
  leftLowerLeg: [0.072, 0.385, 0],
  leftFoot: [0.074, 0.085, 0],
  leftToes: [0.078, 0.03, 0.07],
  leftShoulder: [0.03, 1.05, 0],
  leftUpperArm: [0.128, 1.045, 0],
  leftLowerArm: [0.325, 1.04, 0],
  leftHand: [0.51, 1.04, 0],
};

/** Limbs as capsules: from joint, to joint, radius in metres. */
const LIMBS: readonly (readonly [BoneName, BoneName, number])[] = [
  ['hips', 'upperChest', 0.115],
  ['leftUpperLeg', 'leftLowerLeg', 0.065],
  ['leftLowerLeg', 'leftFoot', 0.055],
  ['leftFoot', 'leftToes', 0.045],
  ['leftUpperArm', 'leftLowerArm', 0.045],
  ['leftLowerArm', 'leftHand', 0.04],
];

const NEUTRAL_COLOR = 0xb9b2a6;
const HEAD_RADIUS = 0.16;

function jointOf(bone: BoneName): Vector3 {
  const own = JOINTS[bone];
  if (own) return new Vector3(...own);
  const left = JOINTS[bone.replace('right', 'left') as BoneName];
  if (left) return new Vector3(-left[0], left[1], left[2]);
  return jointOf(bone.startsWith('left') ? 'leftHand' : 'rightHand');
}

const mirrored = (bone: BoneName): BoneName => bone.replace('left', 'right') as BoneName;

function skinTo(geometry: BufferGeometry, bone: BoneName): BufferGeometry {
  const count = geometry.attributes.position!.count;
  const joints = new Uint16Array(count * 4);
  const weights = new Float32Array(count * 4);
  for (let i = 0; i < count; i += 1) {
    joints[i * 4] = BONE_INDEX[bone];
    weights[i * 4] = 1;
  }
  geometry.setAttribute('skinIndex', new Uint16BufferAttribute(joints, 4));
  geometry.setAttribute('skinWeight', new Float32BufferAttribute(weights, 4));
  return geometry;
}

function limb(from: BoneName, to: BoneName, radius: number): BufferGeometry {
  const start = jointOf(from);
  const along = jointOf(to).sub(start);
  const turn = new Quaternion().setFromUnitVectors(new Vector3(0, 1, 0), along.clone().normalize());
  const geometry = new CapsuleGeometry(radius, along.length(), 4, 10).applyQuaternion(turn);
  const middle = start.addScaledVector(along, 0.5);
  return skinTo(geometry.translate(middle.x, middle.y, middle.z), from);
}

function body(): BufferGeometry {
  const parts = LIMBS.flatMap(([from, to, radius]) =>
    from.startsWith('left')
      ? [limb(from, to, radius), limb(mirrored(from), mirrored(to), radius)]
      : [limb(from, to, radius)],
  );
  const head = jointOf('head');
  parts.push(skinTo(new SphereGeometry(HEAD_RADIUS, 20, 14).translate(0, head.y + HEAD_RADIUS, 0.01), 'head'));
  return mergeGeometries(parts);
}

function sourceNode(bone: BoneName, index: number): SourceNode {
  const parent = BONE_PARENTS[index]!;
  const position = jointOf(bone);
  if (parent >= 0) position.sub(jointOf(BONES[parent]!));
  return { name: bone, parent, position, rotation: new Quaternion(), scale: new Vector3(1, 1, 1) };
}

/** A faceless, colourless figure that moves like the others: shown while an avatar loads, and where loading fails. */
export function createStandInModel(): AvatarModel {
  return createAvatarModel({
    nodes: BONES.map(sourceNode),
    meshes: [
      {
        name: 'StandIn',
        geometries: [body()],
        surface: { color: new Color(NEUTRAL_COLOR) },
        joints: BONES.map((_, index) => index),
        boneInverses: BONES.map((bone) => new Matrix4().setPosition(jointOf(bone).negate())),
        bindMatrix: new Matrix4(),
        arkitMorphs: [],
      },
    ],
    boneNodes: BONES.map((_, index) => index),
    measures: STAND_IN_MEASURES,
  });
}

const STAND_IN_MEASURES = {
  hipsY: 0.715,
  hipJointY: 0.68,
  kneeY: 0.385,
  ankleY: 0.085,
  thighBack: 0.07,
  headJointY: 1.133,
  eyeY: 1.3,
  topY: 1.46,
};
