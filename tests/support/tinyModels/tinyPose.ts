import { BODY_LANDMARK_COUNT } from '@/lib/core/landmarks';
import { writeBundle } from './bundle';
import {
  type ColourNumbers,
  colourStep,
  constantStep,
  fillStep,
  follow,
  meanColour,
  singleDetectionNet,
  steadyNumbers,
} from './nets';
import { imageMetadata, type Net, type Tensor, writeNet } from './tflite';

/** A position: metres from the hips, x to the picture's right, y down, z away from the webcam. */
type Place = readonly [x: number, y: number, z: number];

const mirrored = ([x, y, z]: Place): Place => [-x, y, z];

/** The left half of a person who sits upright with hanging arms, by MediaPipe's numbers; right is next to left. */
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

/** The right number of a left one: the points of the right eye follow all of the left one. */
function rightOf(left: number): number {
  return left <= 3 ? left + 3 : left + 1;
}

/** Positions of the 33 landmarks in a black picture. */
export const TINY_BODY: readonly Place[] = Array.from({ length: BODY_LANDMARK_COUNT }, (_, landmark) => {
  if (landmark === 0) return NOSE;
  const left = Object.keys(LEFT)
    .map(Number)
    .find((one) => rightOf(one) === landmark);
  return LEFT[landmark] ?? mirrored(LEFT[left!]!);
});

/** How far a colour at full strength moves a landmark. */
interface ColourMove {
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
const TINY_MOVES: readonly ColourMove[] = [
  { landmark: 14, channel: 0, by: [-0.22, -0.26, 0] },
  ...RIGHT_HAND.map((landmark) => ({ landmark, channel: 0, by: [-0.2, -0.74, 0] as const })),
  ...RIGHT_HAND.map((landmark) => ({ landmark, channel: 1, by: [-0.2, 0.12, 0] as const })),
  { landmark: 13, channel: 2, by: [0.22, -0.26, 0] },
  ...[15, 17, 19, 21].map((landmark) => ({ landmark, channel: 2, by: [0.44, -0.5, 0] as const })),
];

/** The landmark that the tiny model reports for a colour (each channel 0 to 1). */
export function tinyLandmark(landmark: number, colour: readonly [number, number, number]): [number, number, number] {
  const place: [number, number, number] = [...TINY_BODY[landmark]!];
  for (const move of TINY_MOVES) {
    if (move.landmark !== landmark) continue;
    for (const axis of [0, 1, 2] as const) place[axis] += move.by[axis] * colour[move.channel]!;
  }
  return place;
}

/** Side of the square crop that the landmark net takes, pixels. */
const CUT_PX = 256;
const MIDDLE_PX = CUT_PX / 2;
const PX_PER_METRE = 80;

/** The 33 landmarks and 6 auxiliary ones, two of which place the next crop. */
const POINTS = 39;
const CENTRE_POINT = 33;
const SCALE_POINT = 34;
/** Height above the centre at which the next crop is the same as this one. */
const SCALE_POINT_Y_PX = 25.6;

/** Logit of a visible landmark. */
const SEEN = 5;

/** Two anchors lie in each of the first 28 x 28 cells: the first right of and below the middle. */
const MIDDLE_ANCHOR = (14 * 28 + 14) * 2;

/** The second key point is far enough above the first for the crop to lie within a 4:3 picture. */
const DETECTION = {
  sizePx: 224,
  anchors: 2254,
  anchor: MIDDLE_ANCHOR,
  box: [0, 0, 100, 100, 0, 0, 0, -56, 0, -28, 0, -42],
  mean: 127.5,
  std: 127.5,
  outputs: ['Identity', 'Identity_1'],
} as const;

function worldNumbers(): ColourNumbers {
  const none = Array.from({ length: POINTS - BODY_LANDMARK_COUNT }, () => [0, 0, 0]);
  const numbers = steadyNumbers([...TINY_BODY, ...none].flat());
  for (const { landmark, channel, by } of TINY_MOVES) {
    by.forEach((amount, axis) => {
      follow(numbers, landmark * 3 + axis, channel, amount);
    });
  }
  return numbers;
}

/** x y z in pixels of the crop, then visibility and presence. */
function cutPoint(point: number): readonly number[] {
  if (point === CENTRE_POINT) return [MIDDLE_PX, MIDDLE_PX, 0, SEEN, SEEN];
  if (point === SCALE_POINT) return [MIDDLE_PX, SCALE_POINT_Y_PX, 0, SEEN, SEEN];
  const [x, y, z] = TINY_BODY[point] ?? [0, 0, 0];
  return [MIDDLE_PX + x * PX_PER_METRE, MIDDLE_PX + y * PX_PER_METRE, z * PX_PER_METRE, SEEN, SEEN];
}

function cutNumbers(): ColourNumbers {
  const numbers = steadyNumbers(Array.from({ length: POINTS }, (_, point) => cutPoint(point)).flat());
  for (const { landmark, channel, by } of TINY_MOVES) {
    by.forEach((amount, axis) => {
      follow(numbers, landmark * 5 + axis, channel, amount * PX_PER_METRE);
    });
  }
  return numbers;
}

function landmarkNet(): Net {
  const input: Tensor = { name: 'input_1', shape: [1, CUT_PX, CUT_PX, 3] };
  const points: Tensor = { name: 'Identity', shape: [1, POINTS * 5] };
  const presence: Tensor = { name: 'Identity_1', shape: [1, 1] };
  const silhouette: Tensor = { name: 'Identity_2', shape: [1, CUT_PX, CUT_PX, 1] };
  const heatmap: Tensor = { name: 'Identity_3', shape: [1, 64, 64, POINTS] };
  const world: Tensor = { name: 'Identity_4', shape: [1, POINTS * 3] };
  const { colour, step } = meanColour(input);
  return {
    input,
    outputs: [points, presence, silhouette, heatmap, world],
    steps: [
      step,
      colourStep(colour, cutNumbers(), points),
      constantStep(0.99, presence),
      fillStep(-50, silhouette),
      fillStep(-50, heatmap),
      colourStep(colour, worldNumbers(), world),
    ],
    metadata: imageMetadata(0, 255),
  };
}

/** A pose model whose body moves with the picture's colour. */
export function tinyPoseModel(): Buffer {
  return writeBundle({
    'pose_detector.tflite': writeNet(singleDetectionNet(DETECTION)),
    'pose_landmarks_detector.tflite': writeNet(landmarkNet()),
  });
}
