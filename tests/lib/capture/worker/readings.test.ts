import { describe, expect, it } from 'vitest';
import {
  areWristsInSight,
  bodyReadingOf,
  faceReadingOf,
  handReadingsOf,
  type ReadHand,
  takeSides,
} from '@/lib/capture/worker/readings';
import { BODY_LANDMARK_COUNT, type BodyReading, FACE_BLENDSHAPES, HAND_LANDMARK_COUNT } from '@/lib/core/landmarks';

const points = (count: number, visibility = 1) =>
  Array.from({ length: count }, (_, index) => ({ x: index, y: index + 0.25, z: index + 0.5, visibility }));

const body = { landmarks: [points(BODY_LANDMARK_COUNT, 0.75)], worldLandmarks: [points(BODY_LANDMARK_COUNT)] };

describe('readings of the models', () => {
  it('a body becomes x y z and visibility of each point', () => {
    const reading = bodyReadingOf(body, 40)!;
    expect(reading.timeMs).toBe(40);
    expect([...reading.world.slice(3, 6)]).toEqual([1, 1.25, 1.5]);
    expect(reading.image).toHaveLength(BODY_LANDMARK_COUNT * 3);
    expect([...reading.visibility]).toEqual(Array(BODY_LANDMARK_COUNT).fill(0.75));
  });

  it('no body is read from an empty or incomplete result', () => {
    expect(bodyReadingOf({ landmarks: [], worldLandmarks: [] }, 0)).toBeNull();
    expect(bodyReadingOf({ ...body, worldLandmarks: [points(5)] }, 0)).toBeNull();
  });

  it('weights of a face are put in the order of their indices', () => {
    const categories = [
      { index: 25, score: 0.5, categoryName: 'jawOpen', displayName: '' },
      { index: 400, score: 1, categoryName: 'new', displayName: '' },
    ];
    const matrix = { rows: 4, columns: 4, data: Array.from({ length: 16 }, (_, index) => index) };
    const reading = faceReadingOf(
      {
        faceLandmarks: [],
        faceBlendshapes: [{ categories, headIndex: 0, headName: '' }],
        facialTransformationMatrixes: [matrix],
      },
      7,
    )!;
    expect(reading.blendshapes[FACE_BLENDSHAPES.indexOf('jawOpen')]).toBe(0.5);
    expect(reading.blendshapes).toHaveLength(FACE_BLENDSHAPES.length);
    expect([...reading.matrix]).toEqual(matrix.data);
    expect(faceReadingOf({ faceLandmarks: [], faceBlendshapes: [], facialTransformationMatrixes: [] }, 0)).toBeNull();
  });

  it('the sides of hands are exchanged, as the model assumes a mirrored picture', () => {
    const hands = [points(HAND_LANDMARK_COUNT), points(HAND_LANDMARK_COUNT)];
    const handedness = ['Left', 'Right'].map((categoryName) => [
      { categoryName, score: 0.8, index: 0, displayName: '' },
    ]);
    const read = handReadingsOf({ landmarks: hands, worldLandmarks: hands, handedness, handednesses: handedness }, 3);
    expect(read.map(({ side }) => side)).toEqual(['right', 'left']);
    expect(read[0]!.reading.score).toBe(0.8);
  });
});

describe('a wrist in sight', () => {
  const at = (x: number, y: number, visibility: number) => {
    const landmarks = points(BODY_LANDMARK_COUNT, visibility).map((point) => ({ ...point, x, y }));
    return bodyReadingOf({ ...body, landmarks: [landmarks] }, 0);
  };

  it('a wrist is in sight if it is visible within the picture', () => {
    expect(areWristsInSight(at(0.5, 0.9, 0.8))).toBe(true);
    expect(areWristsInSight(at(0.5, 1.1, 0.8))).toBe(false);
    expect(areWristsInSight(at(0.5, 0.9, 0.1))).toBe(false);
    expect(areWristsInSight(null)).toBe(false);
  });
});

type Place = readonly [x: number, y: number];

/** A body with known shoulders and wrists, in shares of the picture. */
function bodyWithWrists(leftWrist: Place, rightWrist: Place): BodyReading {
  const image = new Float32Array(BODY_LANDMARK_COUNT * 3);
  const put = (landmark: number, [x, y]: Place) => image.set([x, y], landmark * 3);
  put(11, [0.6, 0.5]);
  put(12, [0.4, 0.5]);
  put(15, leftWrist);
  put(16, rightWrist);
  const world = new Float32Array(BODY_LANDMARK_COUNT * 3);
  return { timeMs: 0, image, world, visibility: new Float32Array(BODY_LANDMARK_COUNT).fill(1) };
}

function hand(side: 'left' | 'right', [x, y]: Place, score = 0.9): ReadHand {
  const image = new Float32Array(HAND_LANDMARK_COUNT * 3);
  image.set([x, y]);
  return { side, reading: { timeMs: 0, image, world: new Float32Array(HAND_LANDMARK_COUNT * 3), score } };
}

describe('which hand is which', () => {
  const apart = bodyWithWrists([0.7, 0.8], [0.3, 0.8]);

  it('a hand belongs to the wrist that it is at, whatever the model guesses', () => {
    const [left, right] = [hand('right', [0.69, 0.79]), hand('left', [0.31, 0.81])];
    expect(takeSides([right, left], apart, 4 / 3)).toEqual({ leftHand: left.reading, rightHand: right.reading });
    expect(takeSides([left], apart, 4 / 3)).toEqual({ leftHand: left.reading, rightHand: null });
    expect(takeSides([right], apart, 4 / 3)).toEqual({ leftHand: null, rightHand: right.reading });
  });

  it('hands take the sides that the model guesses if both wrists are in one place', () => {
    const folded = bodyWithWrists([0.51, 0.8], [0.49, 0.8]);
    const [left, right] = [hand('left', [0.5, 0.8]), hand('right', [0.5, 0.81])];
    expect(takeSides([right, left], folded, 4 / 3)).toEqual({ leftHand: left.reading, rightHand: right.reading });
  });

  it('a hand far from both wrists is dropped', () => {
    expect(takeSides([hand('left', [0.05, 0.1])], apart, 4 / 3)).toEqual({ leftHand: null, rightHand: null });
    const right = hand('right', [0.3, 0.8]);
    expect(takeSides([hand('left', [0.05, 0.1]), right], apart, 4 / 3)).toEqual({
      leftHand: null,
      rightHand: right.reading,
    });
    expect(takeSides([], apart, 4 / 3)).toEqual({ leftHand: null, rightHand: null });
  });
});
