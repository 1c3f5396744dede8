import { copyQuat, identityQuat, mulQuat, type NumberArray, quatFromAxisAngle, rotateVector } from '@/lib/pose/quat';
import type { BvhChannel, BvhClip, BvhJoint } from './bvhClip';

const RADIANS = Math.PI / 180;
const AXIS: Readonly<Record<string, number>> = { X: 0, Y: 1, Z: 2 };

/** The joints of a clip in one frame, in the file's own axes and unit: x y z w and x y z for each joint. */
export interface BvhPose {
  readonly rotations: Float64Array;
  readonly positions: Float64Array;
}

/** An empty pose for a clip with `jointCount` joints. */
export function createBvhPose(jointCount: number): BvhPose {
  return { rotations: new Float64Array(jointCount * 4), positions: new Float64Array(jointCount * 3) };
}

const local = new Float64Array(4);
const turn = new Float64Array(4);
const place = new Float64Array(3);

function applyChannel(channel: BvhChannel, value: number, isRoot: boolean): void {
  const axis = AXIS[channel[0]!]!;
  if (channel.endsWith('rotation')) {
    quatFromAxisAngle(axis === 0 ? 1 : 0, axis === 1 ? 1 : 0, axis === 2 ? 1 : 0, value * RADIANS, turn, 0);
    mulQuat(local, 0, turn, 0, local, 0);
  } else if (isRoot) place[axis] = value;
}

function readJoint(joint: BvhJoint, values: NumberArray | null, row: number): void {
  identityQuat(local, 0);
  for (let k = 0; k < 3; k += 1) place[k] = joint.offset[k]!;
  if (!values) return;
  joint.channels.forEach((channel, k) => {
    applyChannel(channel, values[row + joint.firstChannel + k]!, joint.parent < 0);
  });
}

function placeJoint(joint: BvhJoint, index: number, { rotations, positions }: BvhPose): void {
  if (joint.parent < 0) {
    copyQuat(local, 0, rotations, index * 4);
    positions.set(place, index * 3);
    return;
  }
  mulQuat(rotations, joint.parent * 4, local, 0, rotations, index * 4);
  rotateVector(rotations, joint.parent * 4, place, 0, place, 0);
  for (let k = 0; k < 3; k += 1) positions[index * 3 + k] = positions[joint.parent * 3 + k]! + place[k]!;
}

function solve(clip: BvhClip, values: NumberArray | null, row: number, out: BvhPose): BvhPose {
  clip.joints.forEach((joint, index) => {
    readJoint(joint, values, row);
    placeJoint(joint, index, out);
  });
  return out;
}

/** Forward kinematics of frame `frame`. Translations of joints other than the root are left at rest. */
export function solveBvhFrame(clip: BvhClip, frame: number, out: BvhPose): BvhPose {
  return solve(clip, clip.values, frame * clip.channelCount, out);
}

/** The rest pose: every joint unturned. */
export function solveBvhRest(clip: BvhClip, out: BvhPose): BvhPose {
  return solve(clip, null, 0, out);
}
