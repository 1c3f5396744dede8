import { ARKIT_COUNT } from './arkit';
import { BONE_COUNT } from './bones';

/** Hips translation: x y z in metres, offset from the T-pose rest position, in the avatar's root space (rule P-3). */
export const HIPS_OFFSET = 0;
/** Local rotations: x y z w for each bone, in the order of `BONES` (rule P-2). */
export const ROTATIONS_OFFSET = 3;
/** ARKit weights 0..1 in the order of `ARKIT_BLENDSHAPES` (rule P-6). */
export const FACE_OFFSET = ROTATIONS_OFFSET + BONE_COUNT * 4;
/** Gaze: yaw (positive to the avatar's left) and pitch (positive up), radians, against the head (rule P-7). */
export const GAZE_OFFSET = FACE_OFFSET + ARKIT_COUNT;
/** Numbers in a whole pose. */
export const POSE_LENGTH = GAZE_OFFSET + 2;

/** Parts of a pose that can be absent: a bit each in `Pose.parts` (rule P-8). */
export const PosePart = {
  /** Hips translation. */
  hips: 1,
  /** Torso, neck, head, shoulders and arms: all body bones but the legs. */
  upperBody: 2,
  /** Upper legs, lower legs, feet and toes. Without it the avatar sits. */
  legs: 4,
  leftFingers: 8,
  rightFingers: 16,
  face: 32,
  gaze: 64,
} as const;

/** All parts present. */
export const ALL_PARTS = 127;

/** One whole pose. The numbers of an absent part are those of the rest pose and mean nothing. */
export interface Pose {
  /** {@link POSE_LENGTH} numbers: hips, rotations, face, gaze. */
  readonly values: Float32Array;
  /** Which parts are present: a sum of {@link PosePart} bits. */
  parts: number;
}

/** Sets `pose` to the rest pose: T-pose, neutral face, gaze ahead, no part present. */
export function resetPose(pose: Pose): Pose {
  pose.values.fill(0);
  for (let bone = 0; bone < BONE_COUNT; bone += 1) pose.values[ROTATIONS_OFFSET + bone * 4 + 3] = 1;
  pose.parts = 0;
  return pose;
}

/** A new pose at rest. */
export function createPose(): Pose {
  return resetPose({ values: new Float32Array(POSE_LENGTH), parts: 0 });
}

/** Copies `from` into `out`. */
export function copyPose(from: Pose, out: Pose): Pose {
  out.values.set(from.values);
  out.parts = from.parts;
  return out;
}
