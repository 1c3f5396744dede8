import type { LandmarkFrame } from '@/lib/core/landmarks';
import { BONE_INDEX } from '@/lib/pose/bones';
import { createPose, type Pose, ROTATIONS_OFFSET } from '@/lib/pose/pose';
import { rotateVector } from '@/lib/pose/quat';
import { createSolverState, solve } from '@/lib/solve/solve';

/** How long the first frame is held until the solver has settled. */
const SETTLE_MS = 1500;
/** Frames turned further away from the webcam than this are not scored, degrees. */
const FACING_MAX_DEG = 60;

/** How far the hips are turned from the webcam, degrees. */
export function yawDeg(pose: Pose): number {
  const forward = [0, 0, 1];
  rotateVector(pose.values, ROTATIONS_OFFSET + BONE_INDEX.hips * 4, forward, 0, forward, 0);
  return (Math.atan2(forward[0]!, forward[2]!) * 180) / Math.PI;
}

export function isFacing(pose: Pose): boolean {
  return Math.abs(yawDeg(pose)) < FACING_MAX_DEG;
}

/** A solver for a person's frames in order. `elapsedMs`: time since the frame before. */
export type FrameSolver = (frame: LandmarkFrame, elapsedMs: number) => Pose;

/** Our solver, settled on `first`. It returns the same pose object each time. */
export function createOurSolver(first: LandmarkFrame, elapsedMs: number): FrameSolver {
  const state = createSolverState();
  const pose = createPose();
  const frames = Math.ceil(SETTLE_MS / elapsedMs);
  for (let back = frames; back > 0; back -= 1) solve(shifted(first, -back * elapsedMs), state, elapsedMs, pose);
  return (frame, passedMs) => solve(frame, state, passedMs, pose);
}

/** The same readings at another time. */
function shifted(frame: LandmarkFrame, byMs: number): LandmarkFrame {
  const move = <T extends { readonly timeMs: number }>(part: T | null): T | null =>
    part && { ...part, timeMs: part.timeMs + byMs };
  const { body, face, leftHand, rightHand } = frame;
  return {
    ...frame,
    timeMs: frame.timeMs + byMs,
    body: move(body),
    face: move(face),
    leftHand: move(leftHand),
    rightHand: move(rightHand),
  };
}
