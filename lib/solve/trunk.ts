import { BONE_INDEX } from '@/lib/pose/bones';
import { identityQuat, slerpQuat } from '@/lib/pose/quat';
import { BodyLandmark } from './bodyLandmark';
import { addScaled, between, cross, midpoint, normalize, quatFromAxes, reject, setVec, vec3 } from './vec3';

const { leftShoulder, rightShoulder, leftHip, rightHip } = BodyLandmark;
const { hips, spine, chest, upperChest } = BONE_INDEX;

const UP = vec3(0, 1, 0);
const LEFT = vec3(1, 0, 0);
/** Share of the torso's lean that the hips take; the rest is the spine's bend. */
const HIPS_LEAN = 0.55;
/** Share of the chest's turn that hips out of sight take: people turn on their chair from the waist. */
const HIDDEN_HIPS_TURN = 0.3;

const shoulderLine = vec3();
const hipLine = vec3();
const torso = vec3();
const lower = vec3();
const up = vec3();
const front = vec3();
const upright = new Float64Array(4);
const seen = new Float64Array(4);

/** A frame whose x is `left` and whose y leans towards `wanted`. */
function writeFrame(left: Float64Array, wanted: Float64Array, out: Float64Array, outAt: number): void {
  reject(left, wanted, up);
  cross(left, up, front);
  quatFromAxes(left, up, front, out, outAt);
}

/** Turns the hips: by their own line and the torso's lean as far as they are in sight, else a little with the chest. */
function turnHips(points: Float64Array, hipShare: number, world: Float64Array): void {
  identityQuat(upright, 0);
  setVec(shoulderLine[0]!, 0, shoulderLine[2]!, lower);
  normalize(lower, LEFT);
  writeFrame(lower, UP, seen, 0);
  slerpQuat(upright, 0, seen, 0, HIDDEN_HIPS_TURN, upright, 0);
  normalize(between(points, rightHip, leftHip, hipLine), LEFT);
  setVec(HIPS_LEAN * torso[0]!, HIPS_LEAN * torso[1]! + 1 - HIPS_LEAN, HIPS_LEAN * torso[2]!, lower);
  writeFrame(hipLine, lower, seen, 0);
  slerpQuat(upright, 0, seen, 0, hipShare, world, hips * 4);
}

/**
 * Hips and spine in the root space: the shoulder line first, from which everything above hangs; the torso's lean as far
 * as the hips are in sight (`hipShare` 0..1), upright where they aren't. Writes x y z w a bone into `world`.
 */
export function solveTrunk(points: Float64Array, hipShare: number, world: Float64Array): void {
  normalize(between(points, rightShoulder, leftShoulder, shoulderLine), LEFT);
  midpoint(points, leftShoulder, rightShoulder, torso);
  addScaled(torso, -1, midpoint(points, leftHip, rightHip, lower), torso);
  normalize(torso, UP);
  for (let k = 0; k < 3; k += 1) torso[k] = UP[k]! + hipShare * (torso[k]! - UP[k]!);
  normalize(torso, UP);
  writeFrame(shoulderLine, torso, world, upperChest * 4);
  turnHips(points, hipShare, world);
  slerpQuat(world, hips * 4, world, upperChest * 4, 1 / 3, world, spine * 4);
  slerpQuat(world, hips * 4, world, upperChest * 4, 2 / 3, world, chest * 4);
}
