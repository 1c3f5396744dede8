import { imageMetadata } from './imageMetadata';
import { constant, integers, type Net, type Tensor } from './tflite';

/** A detector that sees the same one thing in every picture. */
export interface SingleDetection {
  /** Side of the picture it takes, pixels. */
  readonly sizePx: number;
  readonly anchors: number;
  /** The anchor that fires. */
  readonly anchor: number;
  /** Centre x y, width, height, then x y of each key point, pixels from the anchor. */
  readonly box: readonly number[];
  /** By which its picture is normalised. */
  readonly mean: number;
  readonly std: number;
  /** Names of boxes and scores, as the graph expects them. */
  readonly outputs: readonly [boxes: string, scores: string];
}

/** Logit of "here it is", and of every other anchor. */
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
