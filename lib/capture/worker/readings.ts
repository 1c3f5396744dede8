import type { FaceLandmarkerResult, HandLandmarkerResult, PoseLandmarkerResult } from '@mediapipe/tasks-vision';
import {
  BODY_LANDMARK_COUNT,
  type BodyReading,
  FACE_BLENDSHAPE_COUNT,
  type FaceReading,
  HAND_LANDMARK_COUNT,
  type HandReading,
} from '@/lib/core/landmarks';

interface Point {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

const MATRIX_LENGTH = 16;

function flatten(points: readonly Point[], count: number): Float32Array {
  const flat = new Float32Array(count * 3);
  for (let index = 0; index < count; index += 1) {
    const { x, y, z } = points[index]!;
    flat[index * 3] = x;
    flat[index * 3 + 1] = y;
    flat[index * 3 + 2] = z;
  }
  return flat;
}

/** The body in `result`, or null; `timeMs` is the picture's capture time, ms. */
export function bodyReadingOf(
  { landmarks, worldLandmarks }: Pick<PoseLandmarkerResult, 'landmarks' | 'worldLandmarks'>,
  timeMs: number,
): BodyReading | null {
  const image = landmarks[0];
  const world = worldLandmarks[0];
  if (image?.length !== BODY_LANDMARK_COUNT || world?.length !== BODY_LANDMARK_COUNT) return null;
  return {
    timeMs,
    world: flatten(world, BODY_LANDMARK_COUNT),
    image: flatten(image, BODY_LANDMARK_COUNT),
    visibility: Float32Array.from(image, ({ visibility }) => visibility ?? 0),
  };
}

/** The face in `result`, or null; `timeMs` is the picture's capture time, ms. */
export function faceReadingOf(
  { faceBlendshapes, facialTransformationMatrixes }: FaceLandmarkerResult,
  timeMs: number,
): FaceReading | null {
  const matrix = facialTransformationMatrixes[0]?.data;
  const categories = faceBlendshapes[0]?.categories;
  if (matrix?.length !== MATRIX_LENGTH || !categories) return null;
  const blendshapes = new Float32Array(FACE_BLENDSHAPE_COUNT);
  for (const { index, score } of categories) {
    if (index >= 0 && index < FACE_BLENDSHAPE_COUNT) blendshapes[index] = score;
  }
  return { timeMs, matrix: Float32Array.from(matrix), blendshapes };
}

/** A hand as the model reports it. */
export interface ReadHand {
  readonly reading: HandReading;
  /** The person's own side as the model guesses it from the hand alone. */
  readonly side: 'left' | 'right';
}

/** The hands in `result`, two at most; `timeMs` is the picture's capture time, ms. */
export function handReadingsOf(result: HandLandmarkerResult, timeMs: number): readonly ReadHand[] {
  return result.landmarks.slice(0, 2).flatMap((image, index) => {
    const world = result.worldLandmarks[index];
    const guess = result.handedness[index]?.[0];
    if (image.length !== HAND_LANDMARK_COUNT || world?.length !== HAND_LANDMARK_COUNT || !guess) return [];
    const reading = {
      timeMs,
      world: flatten(world, HAND_LANDMARK_COUNT),
      image: flatten(image, HAND_LANDMARK_COUNT),
      score: guess.score,
    };
    // The model assumes mirrored pictures.
    return [{ reading, side: guess.categoryName === 'Left' ? 'right' : 'left' } as const];
  });
}

const LEFT_WRIST = 15;
const RIGHT_WRIST = 16;
/** A wrist below this is behind the table or out of the picture. */
const VISIBILITY_LEAST = 0.5;

function isInSight({ image, visibility }: BodyReading, landmark: number): boolean {
  const x = image[landmark * 3]!;
  const y = image[landmark * 3 + 1]!;
  return visibility[landmark]! >= VISIBILITY_LEAST && x >= 0 && x <= 1 && y >= 0 && y <= 1;
}

/** Whether a wrist is seen within the picture, so that there may be a hand to read. */
export function areWristsInSight(body: BodyReading | null): boolean {
  return body !== null && (isInSight(body, LEFT_WRIST) || isInSight(body, RIGHT_WRIST));
}

const SHOULDERS = { left: 11, right: 12 } as const;
const WRISTS = { left: 15, right: 16 } as const;

/** How far a hand may be from its body's wrist, in shoulder widths; beyond that it belongs to another person. */
const REACH_SHOULDERS = 1;

/** What the model's own guess of the side weighs against distance, in shoulder widths. */
const GUESS_SHOULDERS = 0.25;

type Side = keyof typeof WRISTS;

/** A body's hands. */
export interface SidedHands {
  readonly leftHand: HandReading | null;
  readonly rightHand: HandReading | null;
}

function distance(a: Float32Array, at: number, b: Float32Array, bt: number, aspect: number): number {
  return Math.hypot((a[at * 3]! - b[bt * 3]!) * aspect, a[at * 3 + 1]! - b[bt * 3 + 1]!);
}

/** Cost of taking `hand` for the body's hand of `side`, in shoulder widths; infinite if out of reach. */
function costOf({ reading, side: guess }: ReadHand, side: Side, body: BodyReading, aspect: number): number {
  const shoulders = distance(body.image, SHOULDERS.left, body.image, SHOULDERS.right, aspect);
  const apart = distance(reading.image, 0, body.image, WRISTS[side], aspect) / Math.max(shoulders, 1e-3);
  if (apart > REACH_SHOULDERS) return Number.POSITIVE_INFINITY;
  return apart + (guess === side ? 0 : GUESS_SHOULDERS);
}

/**
 * Gives each hand to the side whose wrist it is at; if the wrists are close together, the model's own guess decides.
 * `aspect` is the picture's width divided by its height.
 */
export function takeSides(hands: readonly ReadHand[], body: BodyReading, aspect: number): SidedHands {
  const [first = null, second = null] = hands;
  const cost = (hand: ReadHand | null, side: Side) =>
    hand ? Math.min(REACH_SHOULDERS + 1, costOf(hand, side, body, aspect)) : 0;
  const straight = cost(first, 'left') + cost(second, 'right');
  const crossed = cost(first, 'right') + cost(second, 'left');
  const single = second === null && first !== null;
  const isStraight = single ? cost(first, 'left') <= cost(first, 'right') : straight <= crossed;
  const [left, right] = isStraight ? [first, second] : [second, first];
  const within = (hand: ReadHand | null, side: Side) =>
    hand && Number.isFinite(costOf(hand, side, body, aspect)) ? hand.reading : null;
  return { leftHand: within(left, 'left'), rightHand: within(right, 'right') };
}
