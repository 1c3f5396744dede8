import { mirrored } from '../sdf/maths';
import type { Vec3 } from '../sdf/sdf';

/** A VRM humanoid bone in the rest pose. */
export interface RestJoint {
  readonly name: string;
  /** Name of the parent bone; null for the hips. */
  readonly parent: string | null;
  /** Position (m, world). Rest rotations are identity. */
  readonly at: Vec3;
}

type Row = readonly [name: string, parent: string | null, x: number, y: number, z: number];

const SPINE: readonly Row[] = [
  ['hips', null, 0, 0.77, 0],
  ['spine', 'hips', 0, 0.855, 0],
  ['chest', 'spine', 0, 0.95, -0.005],
  ['upperChest', 'chest', 0, 1.045, -0.01],
  ['neck', 'upperChest', 0, 1.14, -0.012],
  ['head', 'neck', 0, 1.188, -0.005],
  ['jaw', 'head', 0, 1.258, 0.02],
];

/** One side, written for the left; names get the side as a prefix. */
const SIDE: readonly Row[] = [
  ['Eye', 'head', 0.066, 1.359, 0.08],
  ['Shoulder', 'upperChest', 0.03, 1.105, -0.005],
  ['UpperArm', 'Shoulder', 0.132, 1.098, -0.005],
  ['LowerArm', 'UpperArm', 0.327, 1.098, -0.006],
  ['Hand', 'LowerArm', 0.508, 1.098, -0.003],
  ['ThumbMetacarpal', 'Hand', 0.528, 1.09, 0.027],
  ['ThumbProximal', 'ThumbMetacarpal', 0.557, 1.084, 0.052],
  ['ThumbDistal', 'ThumbProximal', 0.582, 1.081, 0.067],
  ['IndexProximal', 'Hand', 0.593, 1.101, 0.029],
  ['IndexIntermediate', 'IndexProximal', 0.625, 1.101, 0.031],
  ['IndexDistal', 'IndexIntermediate', 0.648, 1.1, 0.032],
  ['MiddleProximal', 'Hand', 0.598, 1.103, 0.008],
  ['MiddleIntermediate', 'MiddleProximal', 0.633, 1.103, 0.008],
  ['MiddleDistal', 'MiddleIntermediate', 0.659, 1.102, 0.008],
  ['RingProximal', 'Hand', 0.593, 1.101, -0.013],
  ['RingIntermediate', 'RingProximal', 0.625, 1.101, -0.014],
  ['RingDistal', 'RingIntermediate', 0.648, 1.1, -0.014],
  ['LittleProximal', 'Hand', 0.584, 1.097, -0.032],
  ['LittleIntermediate', 'LittleProximal', 0.608, 1.096, -0.034],
  ['LittleDistal', 'LittleIntermediate', 0.626, 1.095, -0.035],
  ['UpperLeg', 'hips', 0.068, 0.735, 0],
  ['LowerLeg', 'UpperLeg', 0.073, 0.41, 0.004],
  ['Foot', 'LowerLeg', 0.075, 0.085, -0.012],
  ['Toes', 'Foot', 0.079, 0.03, 0.07],
];

const MIDDLE_PARENTS = new Set(SPINE.map(([name]) => name));

function sideJoints(side: 'left' | 'right'): RestJoint[] {
  return SIDE.map(([name, parent, x, y, z]) => ({
    name: side + name,
    parent: parent === null || MIDDLE_PARENTS.has(parent) ? parent : side + parent,
    at: side === 'left' ? [x, y, z] : mirrored([x, y, z]),
  }));
}

/** All bones, parents before children: T-pose, facing +Z, left towards +X, metres. */
export const REST_JOINTS: readonly RestJoint[] = [
  ...SPINE.map(([name, parent, x, y, z]): RestJoint => ({ name, parent, at: [x, y, z] })),
  ...sideJoints('left'),
  ...sideJoints('right'),
];

const INDEX = new Map(REST_JOINTS.map((joint, index) => [joint.name, index]));

/** Index of a bone in {@link REST_JOINTS}. @throws Error for an unknown name */
export function jointIndex(name: string): number {
  const index = INDEX.get(name);
  if (index === undefined) throw new Error(`no bone named ${name}`);
  return index;
}

/** Position of a bone in the rest pose (m). */
export function restAt(name: string): Vec3 {
  return REST_JOINTS[jointIndex(name)]!.at;
}

/** Height of the head bone: head, hair and face are modelled with their origin at this height. */
export const HEAD_HEIGHT = restAt('head')[1];
