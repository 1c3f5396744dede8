import { ARKIT_BLENDSHAPES, ARKIT_COUNT, ARKIT_INDEX, type ArkitBlendshape } from '@/lib/pose/arkit';
import type { Calibration } from './calibration';

/**
 * The highest weights of shapes that the model hardly moves: they are stretched from there to 1. A face that goes beyond
 * raises its own peak (see {@link Expression}).
 */
const WEAK_PEAKS: Partial<Record<ArkitBlendshape, number>> = {
  cheekPuff: 0.2,
  cheekSquintLeft: 0.2,
  cheekSquintRight: 0.2,
  eyeWideLeft: 0.4,
  eyeWideRight: 0.4,
  jawForward: 0.3,
  noseSneerLeft: 0.25,
  noseSneerRight: 0.25,
};

const PEAKS = Float64Array.from(ARKIT_BLENDSHAPES, (shape) => WEAK_PEAKS[shape] ?? 1);

/** Weights up to this many deviations above rest count as rest. */
const REST_DEVIATIONS = 2;
/** Least range between rest and peak, which bounds how fast a weight grows. */
const RANGE_MIN = 0.08;

/** The shapes of the gaze, whose rest is straight ahead: they are not stretched. */
const LOOKS = ARKIT_BLENDSHAPES.map((shape) => shape.startsWith('eyeLook'));

/** Turns the model's weights of a face into weights of 0..1, measured from the person's own rest. */
export class Expression {
  private readonly peaks = PEAKS.slice();

  /** Writes {@link ARKIT_COUNT} weights at `outAt` of `out`. */
  write(read: Float64Array, calibration: Calibration, out: Float32Array, outAt: number): void {
    for (let shape = 0; shape < ARKIT_COUNT; shape += 1) {
      const weight = read[shape]!;
      if (weight > this.peaks[shape]!) this.peaks[shape] = Math.min(1, weight);
      const strays = LOOKS[shape] ? 0 : REST_DEVIATIONS * calibration.deviations[shape]!;
      const rest = Math.min(1, calibration.weights[shape]! + strays);
      const range = Math.max(RANGE_MIN, this.peaks[shape]! - rest);
      out[outAt + shape] = Math.max(0, Math.min(1, (weight - rest) / range));
    }
  }
}

/** Turn of an eye at a weight of 1, radians: recordings that hold both keep exactly this ratio. */
const FULL_LOOK_RAD = 0.61;

const OUT_LEFT = ARKIT_INDEX.eyeLookOutLeft;
const IN_LEFT = ARKIT_INDEX.eyeLookInLeft;
const IN_RIGHT = ARKIT_INDEX.eyeLookInRight;
const OUT_RIGHT = ARKIT_INDEX.eyeLookOutRight;
const UP_LEFT = ARKIT_INDEX.eyeLookUpLeft;
const UP_RIGHT = ARKIT_INDEX.eyeLookUpRight;
const DOWN_LEFT = ARKIT_INDEX.eyeLookDownLeft;
const DOWN_RIGHT = ARKIT_INDEX.eyeLookDownRight;

/** Both eyes' common look: to the left minus to the right, summed over the eyes. */
function left(weights: ArrayLike<number>): number {
  return weights[OUT_LEFT]! - weights[IN_LEFT]! + weights[IN_RIGHT]! - weights[OUT_RIGHT]!;
}

function up(weights: ArrayLike<number>): number {
  return weights[UP_LEFT]! - weights[DOWN_LEFT]! + weights[UP_RIGHT]! - weights[DOWN_RIGHT]!;
}

/**
 * Writes where both eyes look, relative to the head (rule P-7): yaw to `out[outAt]`, then pitch. Both come from ARKit's
 * weights, measured from those of looking straight ahead (`rest`).
 */
export function solveGaze(weights: ArrayLike<number>, rest: ArrayLike<number>, out: Float32Array, outAt: number): void {
  out[outAt] = (FULL_LOOK_RAD * (left(weights) - left(rest))) / 2;
  out[outAt + 1] = (FULL_LOOK_RAD * (up(weights) - up(rest))) / 2;
}
