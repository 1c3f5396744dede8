import { BODY_BONE_COUNT, BONE_INDEX, BONE_PARENTS } from '@/lib/pose/bones';
import { type Pose, ROTATIONS_OFFSET } from '@/lib/pose/pose';
import {
  conjugateQuat,
  copyQuat,
  identityQuat,
  mulConjugateQuat,
  mulQuat,
  normalizeQuat,
  setNormalizedQuat,
  slerpQuat,
} from '@/lib/pose/quat';
import { BodyLandmark, SIDES } from '../anatomy';
import type { SolverState } from '../solve';
import { cross, midpoint, normalize, quatFromAxes, reject, turnAbout, type Vec3, vec3 } from '../vectors';
import { solveArm } from './arm';
import { solveLeg } from './leg';
import { solveTrunk } from './trunk';

const { nose, leftEye, rightEye, leftEar, rightEar, leftMouth, rightMouth } = BodyLandmark;
const { neck, head, upperChest } = BONE_INDEX;

/** Share of the head's turn against the chest that the neck takes. */
const NECK_SHARE = 0.5;
/** How far the line from between the ears to the face's middle rises when the head is level, radians. */
const FACE_LINE_RAD = Math.atan2(-0.009, 0.093);

const LEFT = vec3(1, 0, 0);
const FORWARD = vec3(0, 0, 1);
const across = vec3();
const forward = vec3();
const up = vec3();
const inverse = new Float64Array(4);

function addAcross(points: Float64Array, left: number, right: number): void {
  for (let k = 0; k < 3; k += 1) across[k] = across[k]! + points[left * 3 + k]! - points[right * 3 + k]!;
}

const FACE_POINTS = [nose, leftEye, rightEye, leftMouth, rightMouth] as const;

function faceMiddle(points: Float64Array, out: Vec3): void {
  out.fill(0);
  for (const point of FACE_POINTS) {
    for (let k = 0; k < 3; k += 1) out[k] = out[k]! + points[point * 3 + k]! / FACE_POINTS.length;
  }
}

/** The head from the body's own points of it: coarse, for use without a face. */
function headFromBody(points: Float64Array, out: Float64Array): void {
  across.fill(0);
  addAcross(points, leftEar, rightEar);
  addAcross(points, leftEye, rightEye);
  addAcross(points, leftMouth, rightMouth);
  normalize(across, LEFT);
  faceMiddle(points, forward);
  midpoint(points, leftEar, rightEar, up);
  for (let k = 0; k < 3; k += 1) forward[k] = forward[k]! - up[k]!;
  normalize(forward, FORWARD);
  reject(across, forward, forward);
  turnAbout(across, forward, FACE_LINE_RAD, forward);
  cross(forward, across, up);
  quatFromAxes(across, up, forward, out, 0);
}

/** The head from the face's matrix: `read` relative to `neutral`, the head while the person looked straight ahead. */
function headFromFace(read: Float64Array, neutral: ArrayLike<number>, out: Float64Array): void {
  setNormalizedQuat(neutral[0]!, neutral[1]!, neutral[2]!, neutral[3]!, inverse, 0);
  conjugateQuat(inverse, 0, inverse, 0);
  mulQuat(inverse, 0, read, 0, out, 0);
  setNormalizedQuat(out[0]!, out[1]!, out[2]!, out[3]!, out, 0);
}

/** Puts the head (rotation in the root space) on the neck. Needs the chest in `world`; writes there. */
function writeHead(rotation: Float64Array, world: Float64Array): void {
  copyQuat(rotation, 0, world, head * 4);
  slerpQuat(world, upperChest * 4, world, head * 4, NECK_SHARE, world, neck * 4);
}

/** The time over which hips that come into sight, or leave it, gain or lose trust. */
const HIPS_EASE_MS = 500;

const headTurn = new Float64Array(4);

function advanceHipShare(state: SolverState, elapsedMs: number): void {
  const step = elapsedMs / HIPS_EASE_MS;
  state.hipShare = Math.max(0, Math.min(1, state.hipShare + (state.body.hips.isOpen ? step : -step)));
}

function solveHead(state: SolverState): void {
  if (state.face.presence.isPresent) headFromFace(state.face.head, state.calibration.head, headTurn);
  else headFromBody(state.body.points, headTurn);
  writeHead(headTurn, state.world);
}

function solveLimbs(state: SolverState, elapsedMs: number): void {
  const { body, world } = state;
  for (let k = 0; k < SIDES.length; k += 1) {
    const side = SIDES[k]!;
    const hand = state.hands[k]!;
    const points = hand.presence.isPresent ? hand.points : null;
    solveArm(side, body.points, body.lengths, points, elapsedMs, state.arms[k]!, world);
    if (body.legs.isOpen) solveLeg(side, body.points, body.lengths, elapsedMs, state.legs[k]!, world);
    else state.legs[k]!.forget();
  }
}

/** Turns a bone's rotation in the root space into a local one. */
function writeLocalBone(world: Float64Array, bone: number, out: Pose): void {
  const at = ROTATIONS_OFFSET + bone * 4;
  if (BONE_PARENTS[bone]! < 0) copyQuat(world, bone * 4, out.values, at);
  else mulConjugateQuat(world, BONE_PARENTS[bone]! * 4, world, bone * 4, out.values, at);
  normalizeQuat(out.values, at);
}

/** Solves the body as far as it is read, `elapsedMs` after the last time: local rotations into `state.tracked`. */
export function solveBody(state: SolverState, elapsedMs: number): void {
  advanceHipShare(state, elapsedMs);
  solveTrunk(state.body.points, state.body.lengths, state.hipShare, state.world);
  solveHead(state);
  solveLimbs(state, elapsedMs);
  const { world, tracked } = state;
  for (let bone = 0; bone < BODY_BONE_COUNT; bone += 1) writeLocalBone(world, bone, tracked);
}

const NECK_AND_HEAD = [BONE_INDEX.neck, BONE_INDEX.head] as const;

/** For when only a face is read: the head turns on an upright trunk. */
export function solveHeadAlone(state: SolverState): void {
  const { world, tracked } = state;
  for (let bone = 0; bone < BODY_BONE_COUNT; bone += 1) identityQuat(world, bone * 4);
  solveHead(state);
  for (const bone of NECK_AND_HEAD) writeLocalBone(world, bone, tracked);
}
