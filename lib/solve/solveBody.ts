import { BODY_BONE_COUNT, BONE_INDEX, BONE_PARENTS } from '@/lib/pose/bones';
import { type Pose, ROTATIONS_OFFSET } from '@/lib/pose/pose';
import { copyQuat, identityQuat, mulConjugateQuat, normalizeQuat } from '@/lib/pose/quat';
import { solveArm } from './arm';
import { headFromBody, headFromFace, writeHead } from './head';
import { solveLeg } from './leg';
import { SIDES } from './side';
import type { SolverState } from './solverState';
import { solveTrunk } from './trunk';

/** Hips that come into sight or leave it are believed more or less within this time. */
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

/** Solves the body as far as it is read, `elapsedMs` after it was solved last: local rotations into `state.tracked`. */
export function solveBody(state: SolverState, elapsedMs: number): void {
  advanceHipShare(state, elapsedMs);
  solveTrunk(state.body.points, state.body.lengths, state.hipShare, state.world);
  solveHead(state);
  solveLimbs(state, elapsedMs);
  const { world, tracked } = state;
  for (let bone = 0; bone < BODY_BONE_COUNT; bone += 1) writeLocalBone(world, bone, tracked);
}

const NECK_AND_HEAD = [BONE_INDEX.neck, BONE_INDEX.head] as const;

/** Only a face is read: the head turns on a trunk that is upright. */
export function solveHeadAlone(state: SolverState): void {
  const { world, tracked } = state;
  for (let bone = 0; bone < BODY_BONE_COUNT; bone += 1) identityQuat(world, bone * 4);
  solveHead(state);
  for (const bone of NECK_AND_HEAD) writeLocalBone(world, bone, tracked);
}
