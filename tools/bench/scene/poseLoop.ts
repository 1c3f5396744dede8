import { ARKIT_COUNT } from '@/lib/pose/arkit';
import { BONE_COUNT } from '@/lib/pose/bones';
import { ALL_PARTS, createPose, FACE_OFFSET, type Pose, ROTATIONS_OFFSET } from '@/lib/pose/pose';
import { quatFromEuler } from '@/lib/pose/quat';

/** Frames until the motion repeats. */
export const LOOP_FRAMES = 64;

/** Frames by which each person is ahead of the one before, so that no two move alike. */
const FRAMES_AHEAD = 7;
/** Farthest each bone turns about each of its axes, radians. */
const SWING = 0.25;
/** Highest weight of a blendshape. */
const FACE_WEIGHT_MAX = 0.4;
/** Phases far from each other for neighbours: the golden angle. */
const PHASE_STEP = Math.PI * (3 - Math.sqrt(5));

function poseAt(turn: number): Pose {
  const pose = createPose();
  pose.parts = ALL_PARTS;
  const swing = (channel: number) => SWING * Math.sin(turn + channel * PHASE_STEP);
  for (let bone = 0; bone < BONE_COUNT; bone += 1) {
    const at = ROTATIONS_OFFSET + bone * 4;
    quatFromEuler(swing(bone * 3), swing(bone * 3 + 1), swing(bone * 3 + 2), 'XYZ', pose.values, at);
  }
  for (let shape = 0; shape < ARKIT_COUNT; shape += 1) {
    pose.values[FACE_OFFSET + shape] = Math.max(0, FACE_WEIGHT_MAX * Math.sin(turn + shape));
  }
  return pose;
}

/** Whole poses in which all bones turn and all face weights change from frame to frame. */
export function createPoseLoop(): Pose[] {
  return Array.from({ length: LOOP_FRAMES }, (_, frame) => poseAt((2 * Math.PI * frame) / LOOP_FRAMES));
}

/** The pose of person number `person` in a frame. */
export function poseOf(loop: readonly Pose[], frame: number, person: number): Pose {
  return loop[(frame + person * FRAMES_AHEAD) % loop.length]!;
}
