import { BONE_INDEX, type BoneName } from '@/lib/pose/bones';
import { ROTATIONS_OFFSET } from '@/lib/pose/pose';
import { nlerpQuat } from '@/lib/pose/quat';

/** First number of a bone's rotation in a pose. */
export function rotationAt(bone: number): number {
  return ROTATIONS_OFFSET + bone * 4;
}

/** First number of a bone's rotation in a pose, by the bone's name. */
export function rotationOf(bone: BoneName): number {
  return rotationAt(BONE_INDEX[bone]);
}

/** Blends the rotations at `at` of `a` and `b` into `out` by the shorter way (normalised lerp); exact at 0 and 1. */
export function blendRotation(a: Float32Array, b: Float32Array, t: number, out: Float32Array, at: number): void {
  if (t <= 0 || t >= 1) {
    copyRotation(t <= 0 ? a : b, out, at);
    return;
  }
  nlerpQuat(a, at, b, at, t, out, at);
}

/** Copies the rotation at `at`. */
export function copyRotation(from: Float32Array, out: Float32Array, at: number): void {
  out[at] = from[at]!;
  out[at + 1] = from[at + 1]!;
  out[at + 2] = from[at + 2]!;
  out[at + 3] = from[at + 3]!;
}

/** Blends `count` numbers from `at` on into `out`; exact at 0 and 1. */
export function blendRange(
  a: Float32Array,
  b: Float32Array,
  t: number,
  out: Float32Array,
  at: number,
  count: number,
): void {
  for (let i = at; i < at + count; i += 1) out[i] = t >= 1 ? b[i]! : a[i]! + (b[i]! - a[i]!) * t;
}

/** Copies `count` numbers from `at` on. */
export function copyRange(from: Float32Array, out: Float32Array, at: number, count: number): void {
  for (let i = at; i < at + count; i += 1) out[i] = from[i]!;
}
