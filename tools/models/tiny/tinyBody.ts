import { BODY_LANDMARK_COUNT } from '@/lib/core/landmarks';

/** A place: metres about the hips, x to the picture's right, y down, z away from the camera. */
type Place = readonly [x: number, y: number, z: number];

const mirrored = ([x, y, z]: Place): Place => [-x, y, z];

/** The left half of somebody who sits upright with the arms hanging, by MediaPipe's numbers; right is next to left. */
const LEFT: Readonly<Record<number, Place>> = {
  1: [0.02, -0.66, -0.08],
  2: [0.03, -0.66, -0.08],
  3: [0.04, -0.66, -0.08],
  7: [0.07, -0.63, 0.02],
  9: [0.02, -0.58, -0.08],
  11: [0.18, -0.45, 0],
  13: [0.22, -0.17, 0],
  15: [0.24, 0.08, -0.04],
  17: [0.25, 0.16, -0.05],
  19: [0.24, 0.17, -0.07],
  21: [0.23, 0.14, -0.08],
  23: [0.1, 0, 0],
  25: [0.11, 0.05, -0.4],
  27: [0.11, 0.45, -0.38],
  29: [0.11, 0.49, -0.34],
  31: [0.12, 0.51, -0.48],
};

const NOSE: Place = [0, -0.62, -0.12];

/** The right half of the eyes lies after the whole left one. */
function rightOf(left: number): number {
  return left <= 3 ? left + 3 : left + 1;
}

/** Where each of the 33 landmarks is while the picture is black. */
export const TINY_BODY: readonly Place[] = Array.from({ length: BODY_LANDMARK_COUNT }, (_, landmark) => {
  if (landmark === 0) return NOSE;
  const left = Object.keys(LEFT)
    .map(Number)
    .find((one) => rightOf(one) === landmark);
  return LEFT[landmark] ?? mirrored(LEFT[left!]!);
});

/** What a colour moves: a landmark by so much at full strength. */
export interface ColourMove {
  readonly landmark: number;
  /** 0 red, 1 green, 2 blue. */
  readonly channel: number;
  readonly by: Place;
}

const RIGHT_HAND = [16, 18, 20, 22];

/**
 * Red lifts the right arm from hanging to a raised forearm beside the shoulder; green then sways the hand outwards, as in a
 * wave. Blue lifts the left upper arm with the forearm to the side.
 */
export const TINY_MOVES: readonly ColourMove[] = [
  { landmark: 14, channel: 0, by: [-0.22, -0.26, 0] },
  ...RIGHT_HAND.map((landmark) => ({ landmark, channel: 0, by: [-0.2, -0.74, 0] as const })),
  ...RIGHT_HAND.map((landmark) => ({ landmark, channel: 1, by: [-0.2, 0.12, 0] as const })),
  { landmark: 13, channel: 2, by: [0.22, -0.26, 0] },
  ...[15, 17, 19, 21].map((landmark) => ({ landmark, channel: 2, by: [0.44, -0.5, 0] as const })),
];

/** The landmark at a colour (each 0 to 1), as the tiny model tells it. */
export function tinyLandmark(landmark: number, colour: readonly [number, number, number]): [number, number, number] {
  const place: [number, number, number] = [...TINY_BODY[landmark]!];
  for (const move of TINY_MOVES) {
    if (move.landmark !== landmark) continue;
    for (const axis of [0, 1, 2] as const) place[axis] += move.by[axis] * colour[move.channel]!;
  }
  return place;
}
