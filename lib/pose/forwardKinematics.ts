import { BONE_COUNT, BONE_PARENTS } from './bones';
import { CANONICAL_OFFSETS } from './canonicalBody';
import { HIPS_OFFSET, type Pose, ROTATIONS_OFFSET } from './pose';
import { mulQuat, type NumberArray, rotateVector } from './quat';

/** Rotation (x y z w) and place (x y z, metres) of each bone in the avatar's root space, in the order of `BONES`. */
export interface BodyState {
  readonly rotations: Float32Array;
  readonly positions: Float32Array;
}

/** A new, empty body state. */
export function createBodyState(): BodyState {
  return { rotations: new Float32Array(BONE_COUNT * 4), positions: new Float32Array(BONE_COUNT * 3) };
}

const placed = new Float64Array(3);

/**
 * Forward kinematics: the global rotation and place of every bone of `pose` on a skeleton with these `offsets` (metres,
 * x y z for each bone, from its parent in T-pose). Allocates nothing.
 */
export function solveBody(pose: Pose, out: BodyState, offsets: NumberArray = CANONICAL_OFFSETS): BodyState {
  const { rotations, positions } = out;
  for (let bone = 0; bone < BONE_COUNT; bone += 1) {
    const parent = BONE_PARENTS[bone]!;
    const local = ROTATIONS_OFFSET + bone * 4;
    if (parent < 0) {
      for (let k = 0; k < 4; k += 1) rotations[bone * 4 + k] = pose.values[local + k]!;
      for (let k = 0; k < 3; k += 1) positions[bone * 3 + k] = offsets[bone * 3 + k]! + pose.values[HIPS_OFFSET + k]!;
      continue;
    }
    mulQuat(rotations, parent * 4, pose.values, local, rotations, bone * 4);
    rotateVector(rotations, parent * 4, offsets, bone * 3, placed, 0);
    for (let k = 0; k < 3; k += 1) positions[bone * 3 + k] = positions[parent * 3 + k]! + placed[k]!;
  }
  return out;
}
