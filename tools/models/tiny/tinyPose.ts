import { BODY_LANDMARK_COUNT } from '@/lib/core/landmarks';
import { writeBundle } from './bundle';
import { type ColourNumbers, colourStep, constantStep, fillStep, follow, meanColour, steadyNumbers } from './colourNet';
import { imageMetadata } from './imageMetadata';
import { singleDetectionNet } from './singleDetection';
import { type Net, type Tensor, writeNet } from './tflite';
import { TINY_BODY, TINY_MOVES } from './tinyBody';

/** The landmark net takes a square cut from the picture. */
const CUT_PX = 256;
const MIDDLE_PX = CUT_PX / 2;
const PX_PER_METRE = 80;

/** The 33 landmarks and 6 auxiliary ones, of which two say where the next picture is cut. */
const POINTS = 39;
const CENTRE_POINT = 33;
const SCALE_POINT = 34;
/** At this height above the centre the next cut is the same as this one. */
const SCALE_POINT_Y_PX = 25.6;

/** Logit of a landmark that is in sight. */
const SEEN = 5;

/** Two anchors lie in each of the first 28 x 28 cells: the first right of and below the middle. */
const MIDDLE_ANCHOR = (14 * 28 + 14) * 2;

/** The second key point is so far above the first that the cut lies within a picture of 4 : 3. */
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

/** x y z in pixels of the cut, then visibility and presence. */
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
