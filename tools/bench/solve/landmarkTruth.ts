import {
  BODY_LANDMARK_COUNT,
  type BodyReading,
  FACE_BLENDSHAPES,
  type FaceReading,
  HAND_LANDMARK_COUNT,
  type HandReading,
  type LandmarkFrame,
} from '@/lib/core/landmarks';
import { ARKIT_INDEX, type ArkitBlendshape } from '@/lib/pose/arkit';
import { BODY_BONE_COUNT, BONE_INDEX, type BoneName } from '@/lib/pose/bones';
import { CANONICAL_OFFSETS, HIPS_REST_HEIGHT_M } from '@/lib/pose/canonicalBody';
import { type BodyState, createBodyState, solveBody } from '@/lib/pose/forwardKinematics';
import { FACE_OFFSET, type Pose } from '@/lib/pose/pose';
import { rotateVector } from '@/lib/pose/quat';

type Point = readonly [x: number, y: number, z: number];

/** Where MediaPipe's points of the middle and the left side lie on the canonical body: bone, and metres from its joint. */
const LEFT_AND_MIDDLE: ReadonlyArray<readonly [place: number, bone: BoneName, from: Point]> = [
  [0, 'head', [0, 0.05, 0.11]],
  [1, 'head', [0.015, 0.085, 0.09]],
  [2, 'head', [0.03, 0.085, 0.085]],
  [3, 'head', [0.045, 0.085, 0.075]],
  [7, 'head', [0.075, 0.06, 0]],
  [9, 'head', [0.025, 0.015, 0.09]],
  [11, 'leftUpperArm', [0, 0, 0]],
  [13, 'leftLowerArm', [0, 0, 0]],
  [15, 'leftHand', [0, 0, 0]],
  [17, 'leftHand', [0.085, 0, -0.03]],
  [19, 'leftHand', [0.095, 0, 0.025]],
  [21, 'leftHand', [0.05, -0.01, 0.045]],
  [23, 'leftUpperLeg', [0, 0, 0]],
  [25, 'leftLowerLeg', [0, 0, 0]],
  [27, 'leftFoot', [0, 0, 0]],
  [29, 'leftFoot', [0, -0.07, -0.04]],
  [31, 'leftFoot', [0, -0.08, 0.14]],
];

/** Eyes are numbered one side after the other, all other points in turn. */
const rightPlace = (place: number) => (place >= 1 && place <= 3 ? place + 3 : place + 1);

interface Attachment {
  readonly place: number;
  readonly bone: number;
  readonly from: Point;
}

const ATTACHMENTS: readonly Attachment[] = LEFT_AND_MIDDLE.flatMap(([place, bone, from]) => {
  const left = { place, bone: BONE_INDEX[bone], from };
  if (place === 0) return [left];
  const [x, y, z] = from;
  const other = bone.replace('left', 'right') as BoneName;
  return [left, { place: rightPlace(place), bone: BONE_INDEX[other], from: [-x, y, z] as const }];
});

/** A webcam at chest height: metres from the person and above the hips at rest, 640 x 480 pixels. */
const WEBCAM = { away: 2.6, above: 0.1, focalPx: 560, widthPx: 640, heightPx: 480, centreY: 0.55 } as const;

function place(points: Float32Array, at: number, { rotations, positions }: BodyState, bone: number, from: Point): void {
  const turned = [0, 0, 0];
  rotateVector(rotations, bone * 4, [...from], 0, turned, 0);
  for (let k = 0; k < 3; k += 1) points[at * 3 + k] = positions[bone * 3 + k]! + turned[k]!;
}

function middleOf(points: Float32Array, places: readonly number[]): Point {
  const mean = (axis: number) => places.reduce((sum, at) => sum + points[at * 3 + axis]!, 0) / places.length;
  return [mean(0), mean(1), mean(2)];
}

/** From the root space to the webcam's axes, about `middle`. */
function toCamera(points: Float32Array, [x, y, z]: Point): Float32Array {
  return points.map((value, at) => [value - x, y - value, z - value][at % 3]!);
}

/** Positions in the picture, as shares of its width and height. */
function toImage(points: Float32Array): Float32Array {
  const { away, above, focalPx, widthPx, heightPx, centreY } = WEBCAM;
  const image = new Float32Array(points.length);
  for (let at = 0; at < points.length; at += 3) {
    const depth = away - points[at + 2]!;
    image[at] = 0.5 + ((points[at]! / depth) * focalPx) / widthPx;
    image[at + 1] = centreY - (((points[at + 1]! - HIPS_REST_HEIGHT_M - above) / depth) * focalPx) / heightPx;
    image[at + 2] = -points[at + 2]!;
  }
  return image;
}

function bodyOf(state: BodyState, timeMs: number): BodyReading {
  const points = new Float32Array(BODY_LANDMARK_COUNT * 3);
  for (const { place: at, bone, from } of ATTACHMENTS) place(points, at, state, bone, from);
  return {
    timeMs,
    world: toCamera(points, middleOf(points, [23, 24])),
    image: toImage(points),
    visibility: new Float32Array(BODY_LANDMARK_COUNT).fill(1),
  };
}

function offsetOf(bone: number): Point {
  return [0, 1, 2].map((k) => CANONICAL_OFFSETS[bone * 3 + k]!) as unknown as Point;
}

/** A hand's points: wrist, then joints and tip of each finger; a tip is as far out as the joint before it. */
function handOf(state: BodyState, hand: 0 | 1, timeMs: number): HandReading {
  const points = new Float32Array(HAND_LANDMARK_COUNT * 3);
  place(points, 0, state, hand === 0 ? BONE_INDEX.leftHand : BONE_INDEX.rightHand, [0, 0, 0]);
  for (let finger = 0; finger < 5; finger += 1) {
    const first = BODY_BONE_COUNT + (hand * 5 + finger) * 3;
    for (let joint = 0; joint < 3; joint += 1) place(points, 1 + finger * 4 + joint, state, first + joint, [0, 0, 0]);
    place(points, 4 + finger * 4, state, first + 2, offsetOf(first + 2));
  }
  const all = Array.from({ length: HAND_LANDMARK_COUNT }, (_, at) => at);
  return { timeMs, world: toCamera(points, middleOf(points, all)), image: toImage(points), score: 1 };
}

/** No face is found in a head turned further from the webcam than this: the cosine of 75 degrees. */
const FACE_COSINE = 0.26;

/** The face's matrix: rotation of the head and its position before the webcam, centimetres. Null if it looks away. */
function faceOf({ rotations, positions }: BodyState, pose: Pose, timeMs: number): FaceReading | null {
  const matrix = new Float32Array(16);
  for (let axis = 0; axis < 3; axis += 1) {
    const unit = [0, 0, 0];
    unit[axis] = 1;
    rotateVector(rotations, BONE_INDEX.head * 4, unit, 0, matrix, axis * 4);
  }
  if (matrix[10]! < FACE_COSINE) return null;
  const at = BONE_INDEX.head * 3;
  matrix[12] = positions[at]! * 100;
  matrix[13] = (positions[at + 1]! - HIPS_REST_HEIGHT_M - WEBCAM.above) * 100;
  matrix[14] = (positions[at + 2]! - WEBCAM.away) * 100;
  matrix[15] = 1;
  const weights = FACE_BLENDSHAPES.map((shape) => {
    const index = ARKIT_INDEX[shape as ArkitBlendshape];
    return index === undefined ? 0 : pose.values[FACE_OFFSET + index]!;
  });
  return { timeMs, matrix, blendshapes: Float32Array.from(weights) };
}

/** The landmarks that a perfect model would read of the canonical body in `pose`, all of it in sight. */
export function landmarksOf(pose: Pose, timeMs: number): LandmarkFrame {
  const state = solveBody(pose, createBodyState());
  return {
    timeMs,
    imageWidthPx: WEBCAM.widthPx,
    imageHeightPx: WEBCAM.heightPx,
    body: bodyOf(state, timeMs),
    face: faceOf(state, pose, timeMs),
    leftHand: handOf(state, 0, timeMs),
    rightHand: handOf(state, 1, timeMs),
  };
}
