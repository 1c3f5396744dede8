import { BODY_LANDMARK_COUNT } from '@/lib/core/landmarks';
import { BodyLandmark, OTHER_SIDE } from './bodyLandmark';

const { leftShoulder, rightShoulder } = BodyLandmark;

/** Landmarks that say which side is which: shoulders to wrists and hips to ankles. */
const PAIRED = [11, 12, 13, 14, 15, 16, 23, 24, 25, 26, 27, 28] as const;

/** Swapped has to fit so much better than as told. */
const SWAP_BELOW = 0.8;
/** Chest and face agree, or don't, where the cosine between them is at least this; heads turn sideways, not backwards. */
const CLEAR_COSINE = 0.5;

/** Sum of squared ways from where the paired points were to where they are now, as told or with sides swapped. */
function cost(points: Float64Array, before: Float64Array, isSwapped: boolean): number {
  let sum = 0;
  for (let k = 0; k < PAIRED.length; k += 1) {
    const to = PAIRED[k]! * 3;
    const from = (isSwapped ? OTHER_SIDE[PAIRED[k]!]! : PAIRED[k]!) * 3;
    for (let axis = 0; axis < 3; axis += 1) {
      const way = points[from + axis]! - before[to + axis]!;
      sum += way * way;
    }
  }
  return sum;
}

/**
 * How well the way the chest faces agrees with `front` (x y z, unit): the cosine of the angle between them as seen from
 * above; 0 where the shoulders lie over each other.
 */
function agreement(points: Float64Array, front: Float64Array): number {
  const x = points[leftShoulder * 3]! - points[rightShoulder * 3]!;
  const z = points[leftShoulder * 3 + 2]! - points[rightShoulder * 3 + 2]!;
  const length = Math.sqrt(x * x + z * z) * Math.sqrt(front[0]! * front[0]! + front[2]! * front[2]!);
  return (x * front[2]! - z * front[0]!) / Math.max(length, 1e-6);
}

const TO_CAMERA = Float64Array.of(0, 0, 1);

/**
 * Whether the model has told left for right. The face settles it where it can (`front`: which way it looks, or null): no
 * head looks backwards over its own chest. Otherwise sides go on from where they were (`before`); with nothing before them
 * people are taken to face their camera.
 */
export function areSidesSwapped(
  points: Float64Array,
  before: Float64Array | null,
  front: Float64Array | null,
): boolean {
  const known = front ?? (before === null ? TO_CAMERA : null);
  const agrees = known === null ? 0 : agreement(points, known);
  if (Math.abs(agrees) > CLEAR_COSINE) return agrees < 0;
  return before !== null && cost(points, before, true) < SWAP_BELOW * cost(points, before, false);
}

function swapAt(values: Float64Array, a: number, b: number, size: number): void {
  for (let k = 0; k < size; k += 1) {
    const kept = values[a * size + k]!;
    values[a * size + k] = values[b * size + k]!;
    values[b * size + k] = kept;
  }
}

/** Exchanges left and right of a body's numbers, `size` a landmark, in place. */
export function swapSides(values: Float64Array, size: number): void {
  for (let point = 0; point < BODY_LANDMARK_COUNT; point += 1) {
    if (OTHER_SIDE[point]! > point) swapAt(values, point, OTHER_SIDE[point]!, size);
  }
}
