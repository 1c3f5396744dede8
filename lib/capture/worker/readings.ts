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

/** A hand as the model tells of it. */
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
    // The model takes every picture for a mirror's.
    return [{ reading, side: guess.categoryName === 'Left' ? 'right' : 'left' } as const];
  });
}
