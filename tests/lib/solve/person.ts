import { BODY_LANDMARK_COUNT, type LandmarkFrame } from '@/lib/core/landmarks';
import { BONE_INDEX, type BoneName } from '@/lib/pose/bones';
import { createBodyState, solveBody } from '@/lib/pose/forwardKinematics';
import { ALL_PARTS, createPose, type Pose, ROTATIONS_OFFSET } from '@/lib/pose/pose';
import { angleBetweenQuats, quatFromEuler, rotateVector } from '@/lib/pose/quat';
import { createSolverState, type SolverState, solve } from '@/lib/solve/solve';
import { landmarksOf } from '@/tools/bench/solve/landmarkTruth';

export const FRAME_MS = 1000 / 30;
const DEGREES = Math.PI / 180;

export type Turns = Partial<Record<BoneName, readonly [xDeg: number, yDeg: number, zDeg: number]>>;

/** Hanging arms with slightly bent elbows, so that nothing is at a limit. */
export const STANDING: Turns = {
  leftUpperArm: [0, 0, -65],
  rightUpperArm: [0, 0, 65],
  leftLowerArm: [0, -50, 0],
  rightLowerArm: [0, 50, 0],
};

/** A whole pose with some bones turned: degrees about x, y, z, the last innermost. */
export function poseOf(turns: Turns): Pose {
  const pose = createPose();
  for (const [bone, [x, y, z]] of Object.entries(turns)) {
    const at = ROTATIONS_OFFSET + BONE_INDEX[bone as BoneName] * 4;
    quatFromEuler(x * DEGREES, y * DEGREES, z * DEGREES, 'XYZ', pose.values, at);
  }
  pose.parts = ALL_PARTS;
  return pose;
}

/** Landmarks of a person in that pose, everything in sight. */
export const frameOf = (turns: Turns, timeMs = 0): LandmarkFrame => landmarksOf(poseOf(turns), timeMs);

/** The same with visibility changed for some of the body's points. */
export function withVisibility(frame: LandmarkFrame, first: number, last: number, visible: number): LandmarkFrame {
  const visibility = frame.body!.visibility.slice().fill(visible, first, last + 1);
  return { ...frame, body: { ...frame.body!, visibility } };
}

/** Hips and everything below under a desk. */
export const atDesk = (frame: LandmarkFrame): LandmarkFrame => withVisibility(frame, 23, BODY_LANDMARK_COUNT - 1, 0.05);

/** A solver with its own clock: gives it frames, `FRAME_MS` apart. */
export class Follower {
  readonly state: SolverState = createSolverState();
  readonly pose: Pose = createPose();
  timeMs = 1000;

  /** One frame, read now. */
  see(frame: LandmarkFrame | null): Pose {
    this.timeMs += FRAME_MS;
    return solve(frame && readAt(frame, this.timeMs), this.state, FRAME_MS, this.pose);
  }

  /** The same for a while. */
  watch(frame: LandmarkFrame | null, ms: number): Pose {
    for (let passed = 0; passed < ms; passed += FRAME_MS) this.see(frame);
    return this.pose;
  }
}

/** The same readings, all of them made at `timeMs`. */
export function readAt(frame: LandmarkFrame, timeMs: number): LandmarkFrame {
  const at = <T>(part: T | null): T | null => part && { ...part, timeMs };
  const { body, face, leftHand, rightHand } = frame;
  return { ...frame, timeMs, body: at(body), face: at(face), leftHand: at(leftHand), rightHand: at(rightHand) };
}

/** Where a bone's `axis` points in the root space. */
export function directionOf(pose: Pose, bone: BoneName, axis: readonly number[]): number[] {
  const { rotations } = solveBody(pose, createBodyState());
  const out = [0, 0, 0];
  rotateVector(rotations, BONE_INDEX[bone] * 4, [...axis], 0, out, 0);
  return out;
}

/** Degrees between the global rotations of a bone in two poses. */
export function apartDeg(a: Pose, b: Pose, bone: BoneName): number {
  const [one, other] = [solveBody(a, createBodyState()), solveBody(b, createBodyState())];
  return angleBetweenQuats(one.rotations, BONE_INDEX[bone] * 4, other.rotations, BONE_INDEX[bone] * 4) / DEGREES;
}

/** Degrees between two directions. */
export function angleDeg(a: readonly number[], b: readonly number[]): number {
  const dot = a[0]! * b[0]! + a[1]! * b[1]! + a[2]! * b[2]!;
  return Math.acos(Math.max(-1, Math.min(1, dot / (Math.hypot(...a) * Math.hypot(...b))))) / DEGREES;
}

/** The largest angle by which any bone's local rotation differs, degrees. */
export function largestTurnDeg(a: Pose, b: Pose): number {
  let largest = 0;
  for (let at = ROTATIONS_OFFSET; at < ROTATIONS_OFFSET + 52 * 4; at += 4) {
    largest = Math.max(largest, angleBetweenQuats(a.values, at, b.values, at) / DEGREES);
  }
  return largest;
}
