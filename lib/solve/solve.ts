import type { LandmarkFrame } from '@/lib/core/landmarks';
import { BONE_PARTS } from '@/lib/pose/boneParts';
import { BODY_BONE_COUNT, BONE_COUNT } from '@/lib/pose/bones';
import { createEasePose } from '@/lib/pose/easePose';
import {
  copyPose,
  createPose,
  FACE_OFFSET,
  GAZE_OFFSET,
  HIPS_OFFSET,
  type Pose,
  PosePart,
  ROTATIONS_OFFSET,
} from '@/lib/pose/pose';
import { identityQuat } from '@/lib/pose/quat';
import { SIDES } from './anatomy';
import { ArmMemory } from './body/arm';
import { solveFingers } from './body/hand';
import { hipsLift, LegMemory } from './body/leg';
import { solveBody, solveHeadAlone } from './body/solveBody';
import { type Calibration, NEUTRAL_CALIBRATION } from './face/calibration';
import { Expression, solveGaze } from './face/expression';
import { Group, GroupEases, RESTING } from './groups';
import { BodyTrack, HandTrack } from './tracks/bodyTrack';
import { FaceTrack } from './tracks/faceTrack';

/** What the solver tracks at this moment. */
export interface Tracking {
  readonly body: boolean;
  readonly face: boolean;
  readonly leftHand: boolean;
  readonly rightHand: boolean;
  readonly legs: boolean;
}

/** Everything the solver remembers of one person between calls. */
export class SolverState {
  /**
   * Where parts go that are not tracked. Callers may rewrite its numbers before every call (breath, blinks); a part whose bit
   * is set is in the output even while nothing is tracked. Starts as a person at ease, without any part.
   */
  readonly idle: Pose = createEasePose();
  /** How the person looks at rest. A new one is eased in. */
  calibration: Calibration = NEUTRAL_CALIBRATION;

  /** The calibration that was in use at the last call. */
  calibrated: Calibration = this.calibration;
  readonly body = new BodyTrack();
  readonly face = new FaceTrack();
  readonly hands: readonly [HandTrack, HandTrack] = [new HandTrack(), new HandTrack()];
  readonly arms: readonly [ArmMemory, ArmMemory] = [new ArmMemory(), new ArmMemory()];
  readonly legs: readonly [LegMemory, LegMemory] = [new LegMemory(), new LegMemory()];
  readonly expression = new Expression();
  readonly eases = new GroupEases();
  /** Rotations in the root space, x y z w a body bone. */
  readonly world = new Float64Array(BODY_BONE_COUNT * 4);
  /** The person as last read, every group. */
  readonly tracked: Pose = createPose();
  /** The last output. */
  readonly shown: Pose = createEasePose();
  /** How far the hips are trusted, 0..1. */
  hipShare = 0;
  /** Time since the body was last solved. */
  sinceSolvedMs = 0;

  /** What is tracked now. */
  get tracking(): Tracking {
    const { body, face, hands } = this;
    return {
      body: body.presence.isPresent,
      face: face.presence.isPresent,
      leftHand: hands[0].presence.isPresent,
      rightHand: hands[1].presence.isPresent,
      legs: body.presence.isPresent && body.legs.isOpen,
    };
  }
}

/** A new state: no one seen yet, not calibrated. */
export function createSolverState(): SolverState {
  return new SolverState();
}

/** No call lets more time pass than this: a page that slept goes on easing from where it was. */
const STEP_MAX_MS = 1000;

/** Sources of a group other than rest. */
const READ = 1;
const READ_FROM_BODY = 2;

const CALIBRATED = [Group.head, Group.face, Group.gaze] as const;
const ARMS = [Group.leftArm, Group.rightArm] as const;
const FINGERS = [Group.leftFingers, Group.rightFingers] as const;

/** Takes what is new in `frame`; returns whether there was a new reading of body, hands or face. */
function takeReadings(frame: LandmarkFrame | null, state: SolverState, dtMs: number): boolean {
  const { body, face, hands } = state;
  const isFaceNew = face.take(frame === null ? null : frame.face, dtMs);
  const isBodyNew = body.take(frame === null ? null : frame.body, face.front, dtMs);
  const isLeftNew = hands[0].take(frame === null ? null : frame.leftHand, dtMs);
  const isRightNew = hands[1].take(frame === null ? null : frame.rightHand, dtMs);
  return isFaceNew || isBodyNew || isLeftNew || isRightNew;
}

function solveFace(state: SolverState): void {
  const { tracked } = state;
  state.expression.write(state.face.weights, state.calibration, tracked.values, FACE_OFFSET);
  solveGaze(state.face.weights, state.calibration.weights, tracked.values, GAZE_OFFSET);
}

function solveHands(state: SolverState): void {
  for (let k = 0; k < SIDES.length; k += 1) {
    const side = SIDES[k]!;
    const hand = state.hands[k]!;
    if (!hand.presence.isPresent) continue;
    solveFingers(side, hand.points, state.tracked.values, ROTATIONS_OFFSET + side.bone.firstFinger * 4);
  }
}

/** Solves everything that is in sight into `state.tracked`. */
function solveTracked(state: SolverState): void {
  const elapsedMs = state.sinceSolvedMs;
  state.sinceSolvedMs = 0;
  if (state.body.presence.isPresent) solveBody(state, elapsedMs);
  else if (state.face.presence.isPresent) solveHeadAlone(state);
  solveHands(state);
  if (state.face.presence.isPresent) solveFace(state);
}

/** Decides the source of each group. */
function followSources(state: SolverState): void {
  const { body, face, hands, eases, shown } = state;
  const hasBody = body.presence.isPresent;
  const hasFace = face.presence.isPresent;
  eases.follow(Group.trunk, hasBody ? READ : RESTING, shown);
  eases.follow(Group.head, hasFace ? READ : hasBody ? READ_FROM_BODY : RESTING, shown);
  eases.follow(Group.face, hasFace ? READ : RESTING, shown);
  eases.follow(Group.gaze, hasFace ? READ : RESTING, shown);
  eases.follow(Group.legs, hasBody && body.legs.isOpen ? READ : RESTING, shown);
  for (let k = 0; k < SIDES.length; k += 1) {
    const hasHand = hands[k]!.presence.isPresent;
    const hasArm = hasBody && (body.arms[k]!.isOpen || hasHand);
    eases.follow(ARMS[k]!, hasArm ? READ : RESTING, shown);
    eases.follow(FINGERS[k]!, hasArm && hasHand ? READ : RESTING, shown);
  }
}

/** Eases a face over to a new calibration. Returns whether there is one. */
function easeCalibration(state: SolverState): boolean {
  if (state.calibrated === state.calibration) return false;
  state.calibrated = state.calibration;
  for (const group of CALIBRATED) if (state.eases.isMoved(group)) state.eases.restart(group, state.shown);
  return true;
}

/** Puts the hips on the legs that are seen, or where the idle pose has them. */
function writeHips(state: SolverState, out: Pose): void {
  const { idle, tracked } = state;
  const from = out.parts & PosePart.legs ? tracked : idle;
  for (let k = 0; k < 3; k += 1) out.values[HIPS_OFFSET + k] = from.values[HIPS_OFFSET + k]!;
}

/** The numbers of absent parts hold the rest pose (rule P-8). */
function clearAbsent(out: Pose): void {
  for (let bone = 0; bone < BONE_COUNT; bone += 1) {
    if ((out.parts & BONE_PARTS[bone]!) === 0) identityQuat(out.values, ROTATIONS_OFFSET + bone * 4);
  }
  if ((out.parts & PosePart.hips) === 0) out.values.fill(0, HIPS_OFFSET, ROTATIONS_OFFSET);
  if ((out.parts & PosePart.face) === 0) out.values.fill(0, FACE_OFFSET, GAZE_OFFSET);
  if ((out.parts & PosePart.gaze) === 0) out.values.fill(0, GAZE_OFFSET);
}

function compose(state: SolverState, out: Pose): void {
  const { eases, tracked, idle } = state;
  eases.write(tracked, idle, out);
  const legs = eases.isMoved(Group.legs) ? PosePart.legs | PosePart.hips : 0;
  out.parts = eases.movedParts() | legs | (idle.parts & ~PosePart.legs);
  writeHips(state, out);
  copyPose(out, state.shown);
  clearAbsent(out);
}

/**
 * Writes the pose of the person in `frame`, as far as they are in sight, to `out` and returns it. Rotations are local and
 * normalised (rule P-2), in a root space whose +Z points at the webcam; nothing is mirrored. The rules are in SPEC.md.
 *
 * `frame` is the newest one, or null if there is none (no webcam, no model); `dtMs` is the time since the previous call
 * (anything but a positive number counts as 0). Call it as often as a pose is wanted, with the same frame until a newer one
 * arrives: a reading is taken once, identified by its `timeMs`, and filtered over the time between readings, while `dtMs`
 * moves what eases: parts lost or found again. So a sender calls it for each landmark frame and a preview for each rendered
 * frame; both may share one state, as `dtMs` runs from call to call.
 *
 * ```ts
 * const state = createSolverState();
 * state.calibration = readCalibration(stored) ?? NEUTRAL_CALIBRATION;
 * // every tick, with `idle` a motion source of a seated person:
 * idle.sample(nowMs, state.idle);
 * solve(newestFrame, state, nowMs - beforeMs, pose);
 * // to calibrate, for about two seconds: calibrator.add(newestFrame), then
 * state.calibration = calibrator.finish() ?? state.calibration;
 * ```
 *
 * Never throws: a reading with a number that is not finite counts as missing. Allocates nothing in steady state.
 */
export function solve(frame: LandmarkFrame | null, state: SolverState, dtMs: number, out: Pose): Pose {
  const stepMs = dtMs > 0 ? Math.min(dtMs, STEP_MAX_MS) : 0;
  state.sinceSolvedMs += stepMs;
  state.eases.advance(stepMs);
  const isRecalibrated = easeCalibration(state);
  if (takeReadings(frame, state, stepMs) || isRecalibrated) solveTracked(state);
  followSources(state);
  if (state.eases.isMoved(Group.legs)) state.tracked.values[HIPS_OFFSET + 1] = hipsLift(state.world);
  compose(state, out);
  return out;
}
