import { BONE_INDEX } from '@/lib/pose/bones';
import { CANONICAL_OFFSETS } from '@/lib/pose/canonicalBody';
import { identityQuat, mulQuat, quatFromUnitVectors } from '@/lib/pose/quat';
import { FINGER_ROOTS, HAND_WRIST, type Side } from '../anatomy';
import {
  between,
  cross,
  normalize,
  quatFromAxes,
  reject,
  turnAbout,
  turnVecBack,
  type Vec3,
  vec3,
  writeLiftAndYaw,
} from '../vectors';

const [, INDEX, MIDDLE, RING, LITTLE] = FINGER_ROOTS;
const KNUCKLES = [INDEX, MIDDLE, RING, LITTLE] as const;

/** Angle between the hand's axis and the line from the wrist to the middle of the knuckles, towards the little finger. */
const KNUCKLES_OFF_RAD = knucklesOff();

function knucklesOff(): number {
  const bones = ['leftIndexProximal', 'leftMiddleProximal', 'leftRingProximal', 'leftLittleProximal'] as const;
  const sum = (axis: number) => bones.reduce((all, bone) => all + CANONICAL_OFFSETS[BONE_INDEX[bone] * 3 + axis]!, 0);
  return Math.atan2(-sum(2), sum(0));
}

const FALLBACK_ALONG = vec3(1, 0, 0);
const knuckle = vec3();
const along = vec3();
const across = vec3();
const back = vec3();

function writeAlong(points: Float64Array, mirror: number): void {
  along.fill(0);
  for (const root of KNUCKLES) {
    between(points, HAND_WRIST, root, knuckle);
    for (let k = 0; k < 3; k += 1) along[k] = along[k]! + mirror * knuckle[k]!;
  }
  normalize(along, FALLBACK_ALONG);
}

/**
 * The rotation of a hand in the root space from its landmarks (`points`, x y z each, axes of the root space). The line to
 * the knuckles gives the hand's axis, the line across them where the palm faces. `mirror` as in `Side`.
 */
export function solvePalm(points: Float64Array, mirror: number, out: Float64Array, outAt: number): void {
  writeAlong(points, mirror);
  between(points, LITTLE, INDEX, across);
  reject(along, across, across);
  cross(across, along, back);
  turnAbout(back, along, -mirror * KNUCKLES_OFF_RAD, along);
  cross(along, back, across);
  quatFromAxes(along, back, across, out, outAt);
}

/** The axis along a hand of rotation `hand`. */
export function handAxis(hand: Float64Array, at: number, mirror: number, out: Vec3): Vec3 {
  const x = hand[at]!;
  const y = hand[at + 1]!;
  const z = hand[at + 2]!;
  const w = hand[at + 3]!;
  out[0] = mirror * (1 - 2 * (y * y + z * z));
  out[1] = mirror * 2 * (x * y + z * w);
  out[2] = mirror * 2 * (x * z - y * w);
  return out;
}

const DEGREES = Math.PI / 180;
/** Range of a finger's joints, radians, the knuckle first; a little more than most hands reach. */
const CURL_MIN_RAD = [-30 * DEGREES, -8 * DEGREES, -15 * DEGREES] as const;
const CURL_MAX_RAD = [105 * DEGREES, 120 * DEGREES, 95 * DEGREES] as const;
const SPREAD_MAX_RAD = 28 * DEGREES;
/** The cosine of half of a thumb joint's largest turn: 80 degrees. */
const THUMB_HALF_COSINE = Math.cos(40 * DEGREES);

const JOINTS = 3;
const ALONG = vec3(1, 0, 0);
const THUMB_ALONG = vec3(Math.SQRT1_2, 0, Math.SQRT1_2);
const bone = vec3();
const turn = new Float64Array(4);
const palm = new Float64Array(4);
/** The previous joint relative to the palm. */
const frame = new Float64Array(4);

/** The bone from a landmark to the next, unit, relative to the previous joint; a right hand is mirrored to a left one. */
function readBone(points: Float64Array, from: number, mirror: number): void {
  normalize(between(points, from, from + 1, bone), ALONG);
  turnVecBack(palm, 0, bone, bone);
  bone[0] = mirror * bone[0]!;
  turnVecBack(frame, 0, bone, bone);
}

function clamp(value: number, min: number, max: number): number {
  return Math.max(min, Math.min(max, value));
}

/** The turn of a finger's joint: a curl into the palm (-Y), and at the knuckle a spread towards the thumb (+Z). */
function writeFingerTurn(joint: number): void {
  const curl = clamp(Math.atan2(-bone[1]!, bone[0]!), CURL_MIN_RAD[joint]!, CURL_MAX_RAD[joint]!);
  const spread = joint === 0 ? clamp(Math.asin(clamp(bone[2]!, -1, 1)), -SPREAD_MAX_RAD, SPREAD_MAX_RAD) : 0;
  writeLiftAndYaw(-curl, -spread, turn);
}

/** The turn of a thumb's joint: the shortest swing from its T-pose, within what thumbs can do. */
function writeThumbTurn(): void {
  quatFromUnitVectors(THUMB_ALONG, 0, bone, 0, turn, 0);
  if (turn[3]! >= THUMB_HALF_COSINE) return;
  const sine = Math.sqrt(1 - turn[3]! * turn[3]!);
  const scale = Math.sqrt(1 - THUMB_HALF_COSINE * THUMB_HALF_COSINE) / sine;
  for (let k = 0; k < 3; k += 1) turn[k] = turn[k]! * scale;
  turn[3] = THUMB_HALF_COSINE;
}

/** Writes the joint's turn, mirrored for a right hand. */
function writeTurn(mirror: number, out: Float32Array, outAt: number): void {
  out[outAt] = turn[0]!;
  out[outAt + 1] = mirror * turn[1]!;
  out[outAt + 2] = mirror * turn[2]!;
  out[outAt + 3] = turn[3]!;
}

function solveFinger(points: Float64Array, finger: number, mirror: number, out: Float32Array, outAt: number): void {
  identityQuat(frame, 0);
  for (let joint = 0; joint < JOINTS; joint += 1) {
    readBone(points, FINGER_ROOTS[finger]! + joint, mirror);
    if (finger === 0) writeThumbTurn();
    else writeFingerTurn(joint);
    mulQuat(frame, 0, turn, 0, frame, 0);
    writeTurn(mirror, out, outAt + joint * 4);
  }
}

/**
 * Solves the 15 finger bones of one hand from its landmarks (x y z each, axes of the root space): local rotations x y z w in
 * the order of `BONES`, from `outAt` on. Knuckles curl and spread, the joints beyond only curl, thumbs swing.
 */
export function solveFingers(side: Side, points: Float64Array, out: Float32Array, outAt: number): void {
  solvePalm(points, side.mirror, palm, 0);
  for (let finger = 0; finger < FINGER_ROOTS.length; finger += 1) {
    solveFinger(points, finger, side.mirror, out, outAt + finger * JOINTS * 4);
  }
}
