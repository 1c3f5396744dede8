import { FACE_BLENDSHAPES } from '@/lib/core/landmarks';
import { writeBundle } from './bundle';
import { type ColourNumbers, colourStep, constantStep, follow, meanColour, steadyNumbers } from './colourNet';
import { imageMetadata } from './imageMetadata';
import { floatField, integerField, messageField } from './protobuf';
import { singleDetectionNet } from './singleDetection';
import { constant, integers, type Net, type Tensor, writeNet } from './tflite';
import { MESH_POINT_COUNT, tinyFaceMesh } from './tinyFaceMesh';

const CUT_PX = 256;
const MIDDLE_PX = CUT_PX / 2;
/** A face of the mesh's 150 pixels is 15 cm wide. */
const PX_PER_CM = 10;

const BLUE = 2;
/** How far full blue turns the head to its own left, radians. */
export const TINY_YAW = Math.PI / 6;

/** What the face shows whatever the picture. */
export const TINY_EXPRESSION: Readonly<Partial<Record<(typeof FACE_BLENDSHAPES)[number], number>>> = {
  jawOpen: 0.6,
  mouthSmileLeft: 0.3,
};

/** Two anchors lie in each of 16 x 16 cells: the first right of and below the middle. */
const DETECTION = {
  sizePx: 128,
  anchors: 896,
  anchor: (8 * 16 + 8) * 2,
  box: [-4, -4, 50, 50, -14, -16, 6, -16, -4, -4, -4, 8, -22, -10, 14, -10],
  mean: 127.5,
  std: 127.5,
  outputs: ['regressors', 'classificators'],
} as const;

const MESH = tinyFaceMesh();

/** Turned about the vertical axis; between black and blue each point goes straight. */
function pointNumbers(): ColourNumbers {
  const numbers = steadyNumbers(MESH.flatMap(([x, y, z]) => [MIDDLE_PX + x, MIDDLE_PX + y, z]));
  MESH.forEach(([x, , z], point) => {
    const turnedX = x * Math.cos(TINY_YAW) - z * Math.sin(TINY_YAW);
    const turnedZ = x * Math.sin(TINY_YAW) + z * Math.cos(TINY_YAW);
    follow(numbers, point * 3, BLUE, turnedX - x);
    follow(numbers, point * 3 + 2, BLUE, turnedZ - z);
  });
  return numbers;
}

function landmarkNet(): Net {
  const count = MESH.length * 3;
  const input: Tensor = { name: 'input_1', shape: [1, CUT_PX, CUT_PX, 3] };
  const flat: Tensor = { name: 'points', shape: [1, count] };
  const points: Tensor = { name: 'Identity', shape: [1, 1, 1, count] };
  const presence: Tensor = { name: 'Identity_1', shape: [1, 1, 1, 1] };
  const tongue: Tensor = { name: 'Identity_2', shape: [1, 1] };
  const { colour, step } = meanColour(input);
  return {
    input,
    outputs: [points, presence, tongue],
    steps: [
      step,
      colourStep(colour, pointNumbers(), flat),
      { operator: 'RESHAPE', inputs: [flat, integers('points_shape', [4], points.shape)], output: points },
      constantStep(8, presence),
      constantStep(0, tongue),
    ],
    metadata: imageMetadata(0, 255),
  };
}

/** No picture goes in, so no metadata: with any, the graph refuses the net. */
function blendshapeNet(): Net {
  const weights = FACE_BLENDSHAPES.map((name) => TINY_EXPRESSION[name] ?? 0);
  const output: Tensor = { name: 'weights', shape: [weights.length] };
  const inputs = [constant('expression', [52], weights), constant('zero', [52], new Float32Array(52))];
  return {
    input: { name: 'points', shape: [1, 146, 2] },
    outputs: [output],
    steps: [{ operator: 'ADD', inputs, output }],
    metadata: null,
  };
}

/** The same mesh in centimetres, y up and z towards the viewer, from which the graph tells how the head is turned. */
function geometry(): Uint8Array {
  const places = MESH.slice(0, MESH_POINT_COUNT).map(([x, y, z]) => [x, -y, -z].map((px) => px / PX_PER_CM));
  const vertices = places.flatMap((place) => [...place, 0, 0].map((value) => floatField(3, value)));
  const triangles = [0, 1, 2].map((corner) => integerField(4, corner));
  const mesh = messageField(1, integerField(1, 0), integerField(2, 0), ...vertices, ...triangles);
  const basis = [1, 10, 33, 152, 234, 263, 454].map((point) =>
    messageField(2, integerField(1, point), floatField(2, 1 / 7)),
  );
  return Buffer.concat([mesh, ...basis, integerField(3, 1)]);
}

/** A face model whose head turns with the picture's blue, with one expression. */
export function tinyFaceModel(): Buffer {
  return writeBundle({
    'face_detector.tflite': writeNet(singleDetectionNet(DETECTION)),
    'face_landmarks_detector.tflite': writeNet(landmarkNet()),
    'face_blendshapes.tflite': writeNet(blendshapeNet()),
    'geometry_pipeline_metadata_landmarks.binarypb': geometry(),
  });
}
