import { BODY_BONE_COUNT, BONE_COUNT, BONES, type BoneName } from '@/lib/pose/bones';
import { CHANNEL_COUNT, FACE_CHANNEL, GAZE_CHANNEL, ROTATION_CHANNEL } from './channels';

/** Where both sides must agree, lengths, angles and weights are whole numbers of 1/65536 metre, radian or weight. */
export const UNITS_PER_ONE = 0x10000;

/** Lattice places in a step. */
export const PLACES_PER_STEP = 256;

export const COMPRESSION_MAX = 9;

/**
 * Step of a bone of weight 1 by compression, 1/65536 rad: 0.32 degrees, then about 1.26 times as much for each level.
 */
const BASE_STEPS = [370, 465, 580, 730, 930, 1180, 1480, 1860, 2330, 2920] as const;

/** Weight of the step of a bone, 1/64: finer where more of the body hangs from the bone. */
const BONE_WEIGHTS: Partial<Record<BoneName, number>> = {
  hips: 34,
  spine: 42,
  chest: 46,
  upperChest: 50,
  neck: 73,
  head: 81,
  leftUpperLeg: 48,
  leftLowerLeg: 58,
  leftFoot: 97,
  leftToes: 137,
  leftShoulder: 56,
  leftUpperArm: 53,
  leftLowerArm: 64,
  leftHand: 81,
};
const FINGER_WEIGHT = 90;
const WEIGHT_SHIFT = 6;

/** Step of the hips' place: 1/65536 m for each 1/65536 rad of the base step, 1/256. */
const HIPS_WEIGHT = 12;
/** Step of a blendshape: 1/65536 for each 1/65536 rad of the base step, 1/256. */
const FACE_WEIGHT = 360;
/** Step of the gaze, 1/256. */
const GAZE_WEIGHT = 360;
const RATIO_SHIFT = 8;

function boneWeight(index: number): number {
  if (index >= BODY_BONE_COUNT) return FINGER_WEIGHT;
  return BONE_WEIGHTS[BONES[index]!.replace('right', 'left') as BoneName]!;
}

function stepsOf(base: number): Int32Array {
  const steps = new Int32Array(CHANNEL_COUNT);
  steps.fill((base * HIPS_WEIGHT) >> RATIO_SHIFT, 0, ROTATION_CHANNEL);
  for (let bone = 0; bone < BONE_COUNT; bone += 1) {
    const at = ROTATION_CHANNEL + bone * 3;
    steps.fill((base * boneWeight(bone)) >> WEIGHT_SHIFT, at, at + 3);
  }
  steps.fill((base * FACE_WEIGHT) >> RATIO_SHIFT, FACE_CHANNEL, GAZE_CHANNEL);
  return steps.fill((base * GAZE_WEIGHT) >> RATIO_SHIFT, GAZE_CHANNEL);
}

/** Step of every channel by compression 0 .. 9, 1/65536 rad, metre or weight (SPEC.md, C-13). */
export const STEPS: readonly Int32Array[] = BASE_STEPS.map(stepsOf);

/** The nearest whole compression of 0 .. 9. */
export function wholeCompression(compression: number): number {
  return Math.max(0, Math.min(COMPRESSION_MAX, Math.round(compression) || 0));
}

/** Bounds of the channels, 1/65536: metres of the hips, rotation vectors, gaze. */
const HIPS_BOUND = 50 * UNITS_PER_ONE;
/** Slightly less than a full turn, so that every rotation has a vector within the bounds and near any other. */
const ROTATION_BOUND = 6 * UNITS_PER_ONE;
const GAZE_BOUND = 2 * UNITS_PER_ONE;

function boundsOf(low: boolean): Int32Array {
  const bounds = new Int32Array(CHANNEL_COUNT).fill(low ? -ROTATION_BOUND : ROTATION_BOUND);
  bounds.fill(low ? -HIPS_BOUND : HIPS_BOUND, 0, ROTATION_CHANNEL);
  bounds.fill(low ? 0 : UNITS_PER_ONE, FACE_CHANNEL, GAZE_CHANNEL);
  return bounds.fill(low ? -GAZE_BOUND : GAZE_BOUND, GAZE_CHANNEL);
}

/** Least and greatest value of every channel, 1/65536. */
export const LEAST: Int32Array = boundsOf(true);
export const GREATEST: Int32Array = boundsOf(false);
