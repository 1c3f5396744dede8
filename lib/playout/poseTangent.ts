import { BONE_PARTS } from '@/lib/pose/boneParts';
import { BONE_COUNT } from '@/lib/pose/bones';
import {
  FACE_OFFSET,
  GAZE_OFFSET,
  HIPS_OFFSET,
  POSE_LENGTH,
  type Pose,
  PosePart,
  ROTATIONS_OFFSET,
} from '@/lib/pose/pose';
import { expQuat, logQuat, mulConjugateQuat, mulQuat, normalizeQuat } from '@/lib/pose/quat';

/**
 * The difference between two poses as plain numbers that can be scaled and added: metres of the hips, a rotation vector
 * (radians, in the bone's own axes) for each of the 52 bones, face weights, radians of the gaze.
 */
export type PoseTangent = Float64Array;

/** First number of the bones' rotation vectors. */
export const TURNS_AT = 3;
/** First number of the face weights, after the rotation vectors. */
export const WEIGHTS_AT = TURNS_AT + BONE_COUNT * 3;
/** First number of the gaze, after the face weights. */
export const GAZE_AT = WEIGHTS_AT + (GAZE_OFFSET - FACE_OFFSET);
/** Numbers in a tangent. */
export const TANGENT_LENGTH = GAZE_AT + (POSE_LENGTH - GAZE_OFFSET);

function partAt(at: number): number {
  if (at < TURNS_AT) return PosePart.hips;
  if (at < WEIGHTS_AT) return BONE_PARTS[Math.floor((at - TURNS_AT) / 3)]!;
  return at < GAZE_AT ? PosePart.face : PosePart.gaze;
}

/** The `PosePart` bit that each number of a tangent belongs to. */
export const TANGENT_PARTS: Uint8Array = Uint8Array.from({ length: TANGENT_LENGTH }, (_, at) => partAt(at));

/** A zero tangent. */
export function createTangent(): PoseTangent {
  return new Float64Array(TANGENT_LENGTH);
}

const turn = new Float64Array(4);

/** Writes the tangent from `from` to `to` into `out`; each rotation takes the shorter way. Allocates nothing. */
export function tangentBetween(from: Pose, to: Pose, out: PoseTangent): void {
  const a = from.values;
  const b = to.values;
  for (let k = 0; k < TURNS_AT; k += 1) out[k] = b[HIPS_OFFSET + k]! - a[HIPS_OFFSET + k]!;
  for (let bone = 0; bone < BONE_COUNT; bone += 1) {
    const at = ROTATIONS_OFFSET + bone * 4;
    mulConjugateQuat(a, at, b, at, turn, 0);
    logQuat(turn, 0, out, TURNS_AT + bone * 3);
  }
  for (let at = FACE_OFFSET; at < POSE_LENGTH; at += 1) out[WEIGHTS_AT - FACE_OFFSET + at] = b[at]! - a[at]!;
}

/**
 * Writes `from` moved along `tangent` into `out`, which may be `from`; face weights stay in 0..1. Allocates nothing.
 */
export function moveAlong(from: Pose, tangent: PoseTangent, out: Pose): void {
  const a = from.values;
  const b = out.values;
  for (let k = 0; k < TURNS_AT; k += 1) b[HIPS_OFFSET + k] = a[HIPS_OFFSET + k]! + tangent[k]!;
  for (let bone = 0; bone < BONE_COUNT; bone += 1) {
    const at = ROTATIONS_OFFSET + bone * 4;
    expQuat(tangent, TURNS_AT + bone * 3, turn, 0);
    mulQuat(a, at, turn, 0, b, at);
    normalizeQuat(b, at);
  }
  for (let at = FACE_OFFSET; at < GAZE_OFFSET; at += 1) {
    b[at] = Math.max(0, Math.min(1, a[at]! + tangent[WEIGHTS_AT - FACE_OFFSET + at]!));
  }
  for (let at = GAZE_OFFSET; at < POSE_LENGTH; at += 1) b[at] = a[at]! + tangent[GAZE_AT - GAZE_OFFSET + at]!;
}
