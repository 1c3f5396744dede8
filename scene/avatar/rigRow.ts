import { ARKIT_COUNT } from '@/lib/pose/arkit';
import { writeGazeMorphs } from '@/lib/pose/gazeMorphs';
import { FACE_OFFSET, GAZE_OFFSET, HIPS_OFFSET, PosePart, ROTATIONS_OFFSET } from '@/lib/pose/pose';
import type { RigSkeleton } from './rigSkeleton';

/** Numbers in a texel. */
export const TEXEL = 4;
/** Numbers in a 3x4 matrix: three texels, one for each row of the matrix. */
export const MATRIX = 12;
/** The head of a row: brightness, then how many morph weights follow. */
export const HEAD_BRIGHTNESS = 0;
export const HEAD_MORPHS = 1;

/** Texels for the morphs that are not at 0: target and weight, two pairs in a texel. */
const MORPH_TEXELS = Math.ceil(ARKIT_COUNT / 2);

/**
 * The layout of an avatar's row in the rig texture: the head (one texel), the matrices (three each), the morphs. All
 * are in one texture, so that everyone who wears a model costs one upload a frame.
 */
export interface RigRowLayout {
  readonly widthTexels: number;
  /** First texel of the morphs. */
  readonly morphTexel: number;
}

/** The head fills one texel. */
const HEAD_TEXELS = 1;
/** First number of the matrices in a row. */
export const MATRICES_AT = HEAD_TEXELS * TEXEL;

export function rigRowLayout(entryCount: number, hasMorphs: boolean): RigRowLayout {
  const morphTexel = HEAD_TEXELS + entryCount * (MATRIX / TEXEL);
  return { widthTexels: morphTexel + (hasMorphs ? MORPH_TEXELS : 0), morphTexel };
}

const HIPS = 0;

/** Numbers of a row's place: x and z in metres, sine and cosine of the yaw about +Y. */
export const PLACE_LENGTH = 4;

/**
 * Solves one row, parents first: writes the root's matrix from `places[placeAt ..]` and every bone's from the pose
 * values at `poseAt`, 3x4 row by row from `out[at]` on. `boneCount` bones are solved; those after them (fingers) move
 * with their parents. `isSwung`: `swingSprings` writes what swings and what follows it. Allocates nothing, and boxes no
 * number: everything passes through the arrays.
 */
export function solveRig(
  rig: RigSkeleton,
  poses: Float32Array,
  poseAt: number,
  places: Float32Array,
  placeAt: number,
  out: Float32Array,
  at: number,
  boneCount: number,
  isSwung = false,
): void {
  writeRoot(places, placeAt, out, at);
  const { bones, parents, pivots } = rig;
  for (let i = 0; i < boneCount; i += 1) {
    const rotationAt = poseAt + ROTATIONS_OFFSET + bones[i]! * 4;
    solveBone(out, at + parents[i]! * MATRIX, at + (i + 1) * MATRIX, poses, rotationAt, pivots, i * 3);
    if (bones[i] === HIPS) shift(out, at + parents[i]! * MATRIX, at + (i + 1) * MATRIX, poses, poseAt + HIPS_OFFSET);
  }
  for (let i = boneCount; i < bones.length; i += 1) copyMatrix(out, at + parents[i]! * MATRIX, at + (i + 1) * MATRIX);
  if (isSwung) return;
  hangRigid(rig, out, at);
  solveExtras(rig, out, at);
}

/** Moves the springs rigidly with what they hang from, where they don't swing. */
function hangRigid({ springs }: RigSkeleton, out: Float32Array, at: number): void {
  if (springs === null) return;
  const { entries, parents } = springs;
  for (let i = 0; i < entries.length; i += 1) copyMatrix(out, at + parents[i]! * MATRIX, at + entries[i]! * MATRIX);
}

function writeRoot(places: Float32Array, placeAt: number, out: Float32Array, at: number): void {
  const sin = places[placeAt + 2]!;
  const cos = places[placeAt + 3]!;
  out.fill(0, at, at + MATRIX);
  out[at] = cos;
  out[at + 2] = sin;
  out[at + 3] = places[placeAt]!;
  out[at + 5] = 1;
  out[at + 8] = -sin;
  out[at + 10] = cos;
  out[at + 11] = places[placeAt + 1]!;
}

/** `out[to] = out[from] * T(pivot) * R(q) * T(-pivot)`: turns everything that hangs from a joint about that joint. */
export function solveBone(
  out: Float32Array,
  from: number,
  to: number,
  poses: Float32Array,
  q: number,
  pivots: Float32Array,
  pivot: number,
): void {
  const x = poses[q]!;
  const y = poses[q + 1]!;
  const z = poses[q + 2]!;
  const w = poses[q + 3]!;
  const r00 = 1 - 2 * (y * y + z * z);
  const r01 = 2 * (x * y - w * z);
  const r02 = 2 * (x * z + w * y);
  const r10 = 2 * (x * y + w * z);
  const r11 = 1 - 2 * (x * x + z * z);
  const r12 = 2 * (y * z - w * x);
  const r20 = 2 * (x * z - w * y);
  const r21 = 2 * (y * z + w * x);
  const r22 = 1 - 2 * (x * x + y * y);
  const cx = pivots[pivot]!;
  const cy = pivots[pivot + 1]!;
  const cz = pivots[pivot + 2]!;
  const tx = cx - r00 * cx - r01 * cy - r02 * cz;
  const ty = cy - r10 * cx - r11 * cy - r12 * cz;
  const tz = cz - r20 * cx - r21 * cy - r22 * cz;
  for (let row = 0; row < MATRIX; row += 4) {
    const a = out[from + row]!;
    const b = out[from + row + 1]!;
    const c = out[from + row + 2]!;
    out[to + row] = a * r00 + b * r10 + c * r20;
    out[to + row + 1] = a * r01 + b * r11 + c * r21;
    out[to + row + 2] = a * r02 + b * r12 + c * r22;
    out[to + row + 3] = a * tx + b * ty + c * tz + out[from + row + 3]!;
  }
}

/** Moves the matrix at `to` by an offset in the space of the matrix at `from`. */
function shift(out: Float32Array, from: number, to: number, poses: Float32Array, offset: number): void {
  for (let row = 0; row < MATRIX; row += 4) {
    out[to + row + 3]! +=
      out[from + row]! * poses[offset]! +
      out[from + row + 1]! * poses[offset + 1]! +
      out[from + row + 2]! * poses[offset + 2]!;
  }
}

function copyMatrix(out: Float32Array, from: number, to: number): void {
  for (let i = 0; i < MATRIX; i += 1) out[to + i] = out[from + i]!;
}

/** Writes the matrices of skins that are not bound to the body at rest, from those of the bones and springs. */
export function solveExtras({ extras, entryCount }: RigSkeleton, out: Float32Array, at: number): void {
  const first = at + (entryCount - extras.parents.length) * MATRIX;
  for (let i = 0; i < extras.parents.length; i += 1) {
    multiply(out, at + extras.parents[i]! * MATRIX, extras.matrices, i * MATRIX, first + i * MATRIX);
  }
}

/** `out[to] = out[from] * matrices[m]`, 3x4 each. */
function multiply(out: Float32Array, from: number, matrices: Float32Array, m: number, to: number): void {
  for (let row = 0; row < MATRIX; row += 4) {
    const a = out[from + row]!;
    const b = out[from + row + 1]!;
    const c = out[from + row + 2]!;
    for (let column = 0; column < 4; column += 1) {
      const k = m + column;
      out[to + row + column] = a * matrices[k]! + b * matrices[k + 4]! + c * matrices[k + 8]!;
    }
    out[to + row + 3]! += out[from + row + 3]!;
  }
}

/** Weights below this are not drawn, by level: they can't be seen from that far. */
const LEAST_WEIGHT = [0.002, 0.02, 0.1, Number.POSITIVE_INFINITY] as const;

const weights = new Float32Array(ARKIT_COUNT);

/**
 * Writes the face of the pose values at `poseAt` as pairs (blendshape, weight) from `out[at]` on and returns how many.
 * Weights that can't be seen at `level` count as 0. An odd last pair is followed by an empty one, since two share a
 * texel. Allocates nothing.
 */
export function writeFace(
  poses: Float32Array,
  poseAt: number,
  parts: number,
  level: number,
  out: Float32Array,
  at: number,
): number {
  const least = LEAST_WEIGHT[Math.min(level, LEAST_WEIGHT.length - 1)]!;
  const face = poseAt + FACE_OFFSET;
  for (let i = 0; i < ARKIT_COUNT; i += 1) weights[i] = poses[face + i]!;
  const gaze = poseAt + GAZE_OFFSET;
  if (parts & PosePart.gaze) writeGazeMorphs(poses, gaze, weights);
  let count = 0;
  for (let i = 0; i < ARKIT_COUNT; i += 1) {
    if (weights[i]! < least) continue;
    out[at + count * 2] = i;
    out[at + count * 2 + 1] = weights[i]!;
    count += 1;
  }
  if (count % 2 === 1) out.fill(0, at + count * 2, at + count * 2 + 2);
  return count;
}
