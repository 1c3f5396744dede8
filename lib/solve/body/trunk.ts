import { BONE_INDEX } from '@/lib/pose/bones';
import { identityQuat, mulQuat, quatFromAxisAngle, slerpQuat } from '@/lib/pose/quat';
import { BodyLandmark, SIDES, type Side } from '../anatomy';
import {
  addScaled,
  BONE_OFFSETS,
  between,
  cross,
  midpoint,
  normalize,
  quatFromAxes,
  reject,
  setVec,
  signedAngle,
  turnVec,
  turnVecBack,
  type Vec3,
  vec3,
  writeLiftAndYaw,
} from '../vectors';
import { BoneLength, type BoneLengths } from './boneLengths';

const { leftShoulder, rightShoulder, leftHip, rightHip } = BodyLandmark;
const { hips, spine, chest, upperChest } = BONE_INDEX;

/** Each side counts by half, to give their middle. */
const HALF = 0.5;

const step = vec3();

function add(world: Float64Array, parent: number, child: number, share: number, out: Vec3): void {
  turnVec(world, parent * 4, BONE_OFFSETS, child * 3, step);
  addScaled(out, share, step, out);
}

/** From the middle of the hip joints to that of the shoulder joints of the canonical body, metres, root space. */
function shoulderReach(world: Float64Array, out: Vec3): Vec3 {
  out.fill(0);
  add(world, hips, spine, 1, out);
  add(world, spine, chest, 1, out);
  add(world, chest, upperChest, 1, out);
  for (const { bone } of SIDES) {
    add(world, hips, bone.upperLeg, -HALF, out);
    add(world, upperChest, bone.shoulder, HALF, out);
    add(world, bone.shoulder, bone.upperArm, HALF, out);
  }
  return out;
}

/**
 * Shoulders follow their arms (the scapulohumeral rhythm): lifted by this much by an arm straight up, lowered as much by one
 * that hangs, level in T-pose. In recordings they hang by 10 to 13 degrees.
 */
const LIFT_RAD = (12 * Math.PI) / 180;
/** They lie in front of their T-pose: by 2 to 9 degrees in recordings. */
const FORWARD_RAD = (5 * Math.PI) / 180;

const T_POSE = vec3(1, 0, 0);
const arm = vec3();
const turn = new Float64Array(4);

/** Turns a shoulder (root space) on the chest to follow its arm. Needs the upper chest in `world`; writes there. */
function solveShoulder(side: Side, points: Float64Array, world: Float64Array): void {
  const { mirror, bone, landmark } = side;
  const chest = BONE_INDEX.upperChest * 4;
  normalize(between(points, landmark.shoulder, landmark.elbow, arm), T_POSE);
  turnVecBack(world, chest, arm, arm);
  writeLiftAndYaw(mirror * LIFT_RAD * arm[1]!, -mirror * FORWARD_RAD, turn);
  mulQuat(world, chest, turn, 0, world, bone.shoulder * 4);
}

const UP = vec3(0, 1, 0);
const LEFT = vec3(1, 0, 0);
/** Share of the torso's lean that the hips take; the rest is the spine's bend. */
const HIPS_LEAN = 0.65;
/** Share of the chest's turn that hidden hips take: seated people turn from the waist. */
const HIDDEN_HIPS_TURN = 0.3;
/** Iterations to find the spine's bend. */
const BEND_ROUNDS = 3;
/** A turn of the upper chest by an angle moves the shoulders, seen from the hips, by a little over half of it. */
const BEND_GAIN = 1.6;

const shoulderLine = vec3();
const hipLine = vec3();
const torso = vec3();
const lower = vec3();
const up = vec3();
const front = vec3();
const reached = vec3();
const wanted = vec3();
const upright = new Float64Array(4);
const seen = new Float64Array(4);

/** A frame whose x is `left` and whose y leans towards `lean`. */
function writeFrame(left: Float64Array, lean: Float64Array, out: Float64Array, outAt: number): void {
  reject(left, lean, up);
  cross(left, up, front);
  quatFromAxes(left, up, front, out, outAt);
}

/** From the middle of the hips to that of the shoulders, unit; upright as far as the hips are hidden. */
function readTorso(points: Float64Array, hipShare: number): void {
  midpoint(points, leftShoulder, rightShoulder, torso);
  addScaled(torso, -1, midpoint(points, leftHip, rightHip, lower), torso);
  normalize(torso, UP);
  for (let k = 0; k < 3; k += 1) torso[k] = UP[k]! + hipShare * (torso[k]! - UP[k]!);
  normalize(torso, UP);
}

/** Turns the hips by their own line and the torso's lean as far as they are in sight, else slightly with the chest. */
function turnHips(points: Float64Array, lengths: BoneLengths, hipShare: number, world: Float64Array): void {
  identityQuat(upright, 0);
  setVec(shoulderLine[0]!, 0, shoulderLine[2]!, lower);
  normalize(lower, LEFT);
  writeFrame(lower, UP, seen, 0);
  slerpQuat(upright, 0, seen, 0, HIDDEN_HIPS_TURN, upright, 0);
  lengths.direct(points, rightHip, leftHip, BoneLength.hips, LEFT, hipLine);
  setVec(HIPS_LEAN * torso[0]!, HIPS_LEAN * torso[1]! + 1 - HIPS_LEAN, HIPS_LEAN * torso[2]!, lower);
  writeFrame(hipLine, lower, seen, 0);
  slerpQuat(upright, 0, seen, 0, hipShare, world, hips * 4);
}

/** Spreads the turn from hips to upper chest over the spine and hangs the shoulders on it. */
function spread(points: Float64Array, world: Float64Array): void {
  slerpQuat(world, hips * 4, world, upperChest * 4, 1 / 3, world, spine * 4);
  slerpQuat(world, hips * 4, world, upperChest * 4, 2 / 3, world, chest * 4);
  for (const side of SIDES) solveShoulder(side, points, world);
}

/** Bends the upper chest about the shoulder line until the shoulders lie over the hips as the torso has them. */
function bend(points: Float64Array, world: Float64Array): void {
  reject(shoulderLine, torso, wanted);
  for (let round = 0; round < BEND_ROUNDS; round += 1) {
    shoulderReach(world, reached);
    reject(shoulderLine, reached, reached);
    const angleRad = BEND_GAIN * signedAngle(reached, wanted, shoulderLine);
    quatFromAxisAngle(shoulderLine[0]!, shoulderLine[1]!, shoulderLine[2]!, angleRad, turn, 0);
    mulQuat(turn, 0, world, upperChest * 4, world, upperChest * 4);
    spread(points, world);
  }
}

/**
 * Solves hips, spine and shoulders in the root space: first the shoulder line, from which everything above hangs; the torso's
 * lean as far as the hips are in sight (`hipShare` 0..1), upright if they are not. Writes x y z w for each bone to `world`.
 */
export function solveTrunk(points: Float64Array, lengths: BoneLengths, hipShare: number, world: Float64Array): void {
  lengths.direct(points, rightShoulder, leftShoulder, BoneLength.shoulders, LEFT, shoulderLine);
  readTorso(points, hipShare);
  turnHips(points, lengths, hipShare, world);
  writeFrame(shoulderLine, torso, world, upperChest * 4);
  spread(points, world);
  bend(points, world);
}
