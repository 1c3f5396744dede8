import { ARKIT_INDEX } from '@/lib/pose/arkit';

/** Turn of an eye at a weight of 1, radians: in recordings that hold both, weights and angles keep this ratio exactly. */
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
 * Where both eyes look against the head (rule P-7) from ARKit's weights, measured from those of looking straight ahead
 * (`rest`): yaw to `out[outAt]`, then pitch.
 */
export function solveGaze(weights: ArrayLike<number>, rest: ArrayLike<number>, out: Float32Array, outAt: number): void {
  out[outAt] = (FULL_LOOK_RAD * (left(weights) - left(rest))) / 2;
  out[outAt + 1] = (FULL_LOOK_RAD * (up(weights) - up(rest))) / 2;
}
