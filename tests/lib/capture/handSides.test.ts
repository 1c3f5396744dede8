import { describe, expect, it } from 'vitest';
import { takeSides } from '@/lib/capture/worker/handSides';
import type { ReadHand } from '@/lib/capture/worker/readings';
import { BODY_LANDMARK_COUNT, type BodyReading, HAND_LANDMARK_COUNT } from '@/lib/core/landmarks';

type Place = readonly [x: number, y: number];

/** A body of which shoulders and wrists are known, in shares of the picture. */
function body(leftWrist: Place, rightWrist: Place): BodyReading {
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
  const apart = body([0.7, 0.8], [0.3, 0.8]);

  it('is the one at the wrist, whatever the model guesses', () => {
    const [left, right] = [hand('right', [0.69, 0.79]), hand('left', [0.31, 0.81])];
    expect(takeSides([right, left], apart, 4 / 3)).toEqual({ leftHand: left.reading, rightHand: right.reading });
    expect(takeSides([left], apart, 4 / 3)).toEqual({ leftHand: left.reading, rightHand: null });
    expect(takeSides([right], apart, 4 / 3)).toEqual({ leftHand: null, rightHand: right.reading });
  });

  it('is as the model guesses where both wrists are in one place', () => {
    const folded = body([0.51, 0.8], [0.49, 0.8]);
    const [left, right] = [hand('left', [0.5, 0.8]), hand('right', [0.5, 0.81])];
    expect(takeSides([right, left], folded, 4 / 3)).toEqual({ leftHand: left.reading, rightHand: right.reading });
  });

  it('is nobody’s where it is far from both wrists', () => {
    expect(takeSides([hand('left', [0.05, 0.1])], apart, 4 / 3)).toEqual({ leftHand: null, rightHand: null });
    const right = hand('right', [0.3, 0.8]);
    expect(takeSides([hand('left', [0.05, 0.1]), right], apart, 4 / 3)).toEqual({
      leftHand: null,
      rightHand: right.reading,
    });
    expect(takeSides([], apart, 4 / 3)).toEqual({ leftHand: null, rightHand: null });
  });
});
