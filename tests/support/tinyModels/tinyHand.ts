import { writeBundle } from './bundle';
import { colourStep, constantStep, follow, meanColour, singleDetectionNet, steadyNumbers } from './nets';
import { imageMetadata, type Net, type Tensor, writeNet } from './tflite';

const CUT_PX = 224;
const MIDDLE_PX = CUT_PX / 2;
const PX_PER_METRE = 620;

const GREEN = 1;
const FINGERTIPS = [8, 12, 16, 20];
/** How far full green moves the fingertips towards the wrist, metres. */
const CURL = 0.05;

/** An open hand: x y in metres about its middle, y down; wrist, then thumb to little finger. */
const HAND: readonly (readonly [x: number, y: number])[] = [
  [0, 0.08],
  [-0.03, 0.06],
  [-0.05, 0.035],
  [-0.065, 0.015],
  [-0.075, 0],
  [-0.025, 0],
  [-0.028, -0.03],
  [-0.03, -0.05],
  [-0.031, -0.065],
  [0, -0.005],
  [0, -0.038],
  [0, -0.06],
  [0, -0.075],
  [0.022, 0],
  [0.024, -0.03],
  [0.025, -0.05],
  [0.026, -0.063],
  [0.042, 0.012],
  [0.046, -0.01],
  [0.048, -0.025],
  [0.05, -0.036],
];

/** Two anchors lie in each of 24 x 24 cells. */
const DETECTION = {
  sizePx: 192,
  anchors: 2016,
  anchor: (12 * 24 + 12) * 2,
  box: [-4, -4, 60, 60, 0, 20, -15, -5, 0, -18, 8, -16, 14, -12, 20, -2, -14, 10],
  mean: 0,
  std: 255,
  outputs: ['regressors', 'classificators'],
} as const;

function landmarkNet(): Net {
  const input: Tensor = { name: 'input', shape: [1, CUT_PX, CUT_PX, 3] };
  const points: Tensor = { name: 'Identity', shape: [1, HAND.length * 3] };
  const presence: Tensor = { name: 'Identity_1', shape: [1, 1] };
  const handedness: Tensor = { name: 'Identity_2', shape: [1, 1] };
  const world: Tensor = { name: 'Identity_3', shape: [1, HAND.length * 3] };
  const inCut = steadyNumbers(
    HAND.flatMap(([x, y]) => [MIDDLE_PX + x * PX_PER_METRE, MIDDLE_PX + y * PX_PER_METRE, 0]),
  );
  const inWorld = steadyNumbers(HAND.flatMap(([x, y]) => [x, y, 0]));
  for (const tip of FINGERTIPS) {
    follow(inCut, tip * 3 + 1, GREEN, CURL * PX_PER_METRE);
    follow(inWorld, tip * 3 + 1, GREEN, CURL);
  }
  const { colour, step } = meanColour(input);
  return {
    input,
    outputs: [points, presence, handedness, world],
    steps: [
      step,
      colourStep(colour, inCut, points),
      constantStep(0.98, presence),
      constantStep(0.95, handedness),
      colourStep(colour, inWorld, world),
    ],
    metadata: imageMetadata(0, 255),
  };
}

/** A hand model that finds one open hand in the middle, whose fingers curl with the picture's green. */
export function tinyHandModel(): Buffer {
  return writeBundle({
    'hand_detector.tflite': writeNet(singleDetectionNet(DETECTION)),
    'hand_landmarks_detector.tflite': writeNet(landmarkNet()),
  });
}
