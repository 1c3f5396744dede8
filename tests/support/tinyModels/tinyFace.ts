import { FACE_BLENDSHAPES } from '@/lib/core/landmarks';
import { seededRandom } from '@/tools/seededRandom';
import { writeBundle } from './bundle';
import {
  type ColourNumbers,
  colourStep,
  constantStep,
  follow,
  meanColour,
  singleDetectionNet,
  steadyNumbers,
} from './nets';
import { constant, imageMetadata, integers, type Net, type Tensor, writeNet } from './tflite';

/** Writers of the protocol buffer wire format, as far as a mesh needs it. */

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return [...bytes, rest];
}

/** A whole number. */
function integerField(field: number, value: number): Uint8Array {
  return Uint8Array.from([...varint(field * 8), ...varint(value)]);
}

/** A 32-bit float. */
function floatField(field: number, value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return Buffer.concat([Uint8Array.from(varint(field * 8 + 5)), bytes]);
}

/** A message within a message. */
function messageField(field: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const body = Buffer.concat(parts);
  return Buffer.concat([Uint8Array.from([...varint(field * 8 + 2), ...varint(body.length)]), body]);
}

/** The face model's points: 468 of the mesh, then 10 of the eyes. */
const FACE_POINT_COUNT = 478;
const MESH_POINT_COUNT = 468;

type Place = readonly [x: number, y: number, z: number];

/** Points that place and turn the next crop, and those at the rim that give it its size. */
const FIXED: Readonly<Record<number, Place>> = {
  1: [0, 10, -60],
  10: [0, -85.3, 0],
  33: [-45, -20, -20],
  152: [0, 85.3, 0],
  234: [-75, 0, 0],
  263: [45, -20, -20],
  454: [75, 0, 0],
};

const HALF_WIDTH_PX = 70;
const HALF_HEIGHT_PX = 80;
const DEPTH_PX = 40;

/** A bowl of points that faces the webcam: pixels from the middle of the crop, x right, y down, z away. */
function tinyFaceMesh(): readonly Place[] {
  const random = seededRandom(9);
  return Array.from({ length: FACE_POINT_COUNT }, (_, point) => {
    const x = (random() * 2 - 1) * HALF_WIDTH_PX;
    const y = (random() * 2 - 1) * HALF_HEIGHT_PX;
    const z = -DEPTH_PX * Math.sqrt(Math.max(0, 1 - (x / HALF_WIDTH_PX) ** 2 - (y / HALF_HEIGHT_PX) ** 2));
    return FIXED[point] ?? [x, y, z];
  });
}

const CUT_PX = 256;
const MIDDLE_PX = CUT_PX / 2;
/** A face of the mesh's 150 pixels is 15 cm wide. */
const PX_PER_CM = 10;

const BLUE = 2;
/** How far full blue turns the head to its own left, radians. */
export const TINY_YAW = Math.PI / 6;

/** The expression in every picture. */
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

/** Turned about the vertical axis by blue; between black and blue each point moves along a straight line. */
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

/** The input is no picture, so there is no metadata: with any, the graph refuses the net. */
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

/** The same mesh in centimetres, y up and z towards the viewer, from which the graph computes the head's rotation. */
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
