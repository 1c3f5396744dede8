import { ARKIT_COUNT } from '@/lib/pose/arkit';
import { BONE_PARTS } from '@/lib/pose/boneParts';
import { PosePart } from '@/lib/pose/pose';
import { rotationBits } from './smallestThree';

/** Version byte of the simple packet (rule C-1). */
export const SIMPLE_VERSION = 1;

/** Where the header's fields lie. */
export const HEADER = { version: 0, bits: 1, sequence: 2, time: 4, parts: 8, size: 9 } as const;

/** Component bits by compression 0 .. 9 (rule C-8). */
const BITS_BY_COMPRESSION = [14, 14, 13, 13, 12, 12, 11, 11, 10, 10] as const;

export const BITS_MIN = 10;
export const BITS_MAX = 14;

export const HIPS_BYTES = 6;
export const GAZE_BYTES = 4;

/** Millimetres in a metre: the hips' step. */
export const HIPS_STEPS_PER_M = 1000;
/** Steps of the gaze in a radian. */
export const GAZE_STEPS_PER_RAD = 10_000;
export const FACE_STEPS = 255;

/** Component bits of a compression; anything but 0 .. 9 is taken as the nearest of them. */
export function bitsOfCompression(compression: number): number {
  const index = Math.max(0, Math.min(BITS_BY_COMPRESSION.length - 1, Math.round(compression) || 0));
  return BITS_BY_COMPRESSION[index]!;
}

/** Bytes of all rotations of `parts`. */
export function rotationBytes(parts: number, bits: number): number {
  let bones = 0;
  for (const part of BONE_PARTS) if ((parts & part) !== 0) bones += 1;
  return Math.ceil((bones * rotationBits(bits)) / 8);
}

/** Length of a whole packet (rule C-3). */
export function packetBytes(parts: number, bits: number): number {
  const hips = (parts & PosePart.hips) !== 0 ? HIPS_BYTES : 0;
  const face = (parts & PosePart.face) !== 0 ? ARKIT_COUNT : 0;
  const gaze = (parts & PosePart.gaze) !== 0 ? GAZE_BYTES : 0;
  return HEADER.size + hips + rotationBytes(parts, bits) + face + gaze;
}
