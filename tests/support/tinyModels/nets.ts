import { constant, imageMetadata, integers, type Net, type Step, type Tensor } from './tflite';

/** Mean red, green and blue of a picture, each 0 to 1. */
const COLOUR_CHANNELS = 3;

/** Numbers that depend on the colour: `base`, plus an amount for each channel at full strength. */
export interface ColourNumbers {
  readonly base: Float32Array;
  /** `base.length` rows of {@link COLOUR_CHANNELS}. */
  readonly perColour: Float32Array;
}

/** Numbers that do not depend on the colour yet. */
export function steadyNumbers(base: ArrayLike<number>): ColourNumbers {
  return { base: Float32Array.from(base), perColour: new Float32Array(base.length * COLOUR_CHANNELS) };
}

/** Lets full colour in `channel` add `amount` to the number at `index`. */
export function follow(numbers: ColourNumbers, index: number, channel: number, amount: number): void {
  const at = index * COLOUR_CHANNELS + channel;
  numbers.perColour[at] = numbers.perColour[at]! + amount;
}

/** The mean colour of `picture` (1 x h x w x 3), and the step that computes it. */
export function meanColour(picture: Tensor): { readonly colour: Tensor; readonly step: Step } {
  const colour: Tensor = { name: 'colour', shape: [1, COLOUR_CHANNELS] };
  return { colour, step: { operator: 'MEAN', inputs: [picture, integers('axes', [2], [1, 2])], output: colour } };
}

/** The step that computes `numbers` from the colour into `output`. */
export function colourStep(colour: Tensor, numbers: ColourNumbers, output: Tensor): Step {
  const count = numbers.base.length;
  const weights = constant(`${output.name}_weights`, [count, COLOUR_CHANNELS], numbers.perColour);
  const bias = constant(`${output.name}_base`, [count], numbers.base);
  return { operator: 'FULLY_CONNECTED', inputs: [colour, weights, bias], output };
}

/** The step that always outputs `value`. */
export function constantStep(value: number, output: Tensor): Step {
  const one = constant(`${output.name}_value`, output.shape, [value]);
  return { operator: 'ADD', inputs: [one, constant(`${output.name}_zero`, output.shape, [0])], output };
}

/** The step that fills a large `output` with `value`. */
export function fillStep(value: number, output: Tensor): Step {
  const shape = integers(`${output.name}_shape`, [output.shape.length], output.shape);
  return { operator: 'FILL', inputs: [shape, constant(`${output.name}_value`, [], [value])], output };
}

/** A detector that finds the same object in every picture. */
export interface SingleDetection {
  /** Side of the picture it takes, pixels. */
  readonly sizePx: number;
  readonly anchors: number;
  /** The anchor that fires. */
  readonly anchor: number;
  /** Centre x y, width, height, then x y of each key point, pixels from the anchor. */
  readonly box: readonly number[];
  /** Normalisation of the picture. */
  readonly mean: number;
  readonly std: number;
  /** Names of the outputs for boxes and scores, as the graph expects them. */
  readonly outputs: readonly [boxes: string, scores: string];
}

/** Logit of the anchor that fires, and of the others. */
const HERE = 6;
const ELSEWHERE = -50;

/** Puts `values` at the one anchor and `fill` everywhere else. */
function atAnchor({ anchors, anchor }: SingleDetection, values: Tensor, fill: number, output: Tensor): Net['steps'][0] {
  const before = [0, 0, anchor, anchors - 1 - anchor, 0, 0];
  const inputs = [
    values,
    integers(`${output.name}_padding`, [3, 2], before),
    constant(`${output.name}_fill`, [], [fill]),
  ];
  return { operator: 'PADV2', inputs, output };
}

/** The net of such a detector. */
export function singleDetectionNet(detection: SingleDetection): Net {
  const { sizePx, anchors, box, mean, std } = detection;
  const [boxesName, scoresName] = detection.outputs;
  const boxes: Tensor = { name: boxesName, shape: [1, anchors, box.length] };
  const scores: Tensor = { name: scoresName, shape: [1, anchors, 1] };
  return {
    input: { name: 'input', shape: [1, sizePx, sizePx, 3] },
    outputs: [boxes, scores],
    steps: [
      atAnchor(detection, constant('box', [1, 1, box.length], box), 0, boxes),
      atAnchor(detection, constant('score', [1, 1, 1], [HERE]), ELSEWHERE, scores),
    ],
    metadata: imageMetadata(mean, std),
  };
}
