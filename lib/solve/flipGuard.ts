import { BODY_LANDMARK_COUNT } from '@/lib/core/landmarks';
import { BodyLandmark, OTHER_SIDE } from './bodyLandmark';

const { leftShoulder, rightShoulder } = BodyLandmark;

/** Landmarks that say which side is which: shoulders to wrists and hips to ankles. */
const PAIRED = [11, 12, 13, 14, 15, 16, 23, 24, 25, 26, 27, 28] as const;

/** Swapped has to fit so much better than as told. */
const SWAP_BELOW = 0.8;
/** A shoulder line that runs across the picture by this share of its length shows which way the person faces. */
const CLEARLY_ACROSS = 0.5;

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

/** 1 where the left shoulder is clearly on the picture's right (facing the camera), -1 the other way, 0 side-on. */
function facing(points: Float64Array): number {
  const x = points[leftShoulder * 3]! - points[rightShoulder * 3]!;
  const y = points[leftShoulder * 3 + 1]! - points[rightShoulder * 3 + 1]!;
  const z = points[leftShoulder * 3 + 2]! - points[rightShoulder * 3 + 2]!;
  const share = x / Math.max(Math.sqrt(x * x + y * y + z * z), 1e-6);
  if (Math.abs(share) < CLEARLY_ACROSS) return 0;
  return Math.sign(share);
}

/**
 * Whether the model has told left for right. A face in sight settles it: who shows it faces the camera. Otherwise sides
 * go on from where they were (`before`); with nothing before them people are taken to face their camera.
 */
export function areSidesSwapped(points: Float64Array, before: Float64Array | null, hasFace: boolean): boolean {
  const faces = facing(points);
  if ((hasFace || before === null) && faces !== 0) return faces < 0;
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
