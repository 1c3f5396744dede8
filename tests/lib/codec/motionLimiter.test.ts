import { describe, expect, it } from 'vitest';
import { CHANNEL_COUNT, FACE_CHANNEL, ROTATION_CHANNEL } from '@/lib/codec/channels';
import { MotionLimiter } from '@/lib/codec/motionLimiter';
import { STEPS } from '@/lib/codec/steps';
import { ALL_PARTS, PosePart } from '@/lib/pose/pose';

/** Places (1/256 step) of a pose whose channel 0, hips rotation and first weight have these values. */
function placesOf(hipsM: number, vector: readonly [number, number, number], weight: number): Int32Array {
  const places = new Int32Array(CHANNEL_COUNT);
  const set = (channel: number, value: number) => {
    places[channel] = Math.round((value * 65536 * 256) / STEPS[0]![channel]!);
  };
  set(0, hipsM);
  for (let axis = 0; axis < 3; axis += 1) set(ROTATION_CHANNEL + axis, vector[axis]!);
  set(FACE_CHANNEL, weight);
  return places;
}

const shownAt = (limiter: MotionLimiter, channel: number) => limiter.shown[channel]! / 65536;

describe('what is shown', () => {
  it('C-28: what is shown starts where the first frame is', () => {
    const limiter = new MotionLimiter();
    limiter.follow(placesOf(20, [1, 2, 3], 1), 0, ALL_PARTS, 1000);
    expect(shownAt(limiter, 0)).toBeCloseTo(20, 3);
    expect(shownAt(limiter, ROTATION_CHANNEL + 2)).toBeCloseTo(3, 3);
  });

  it('C-28: the body moves at most 6 m/s and joints at most 24 rad/s on each axis, the face at once', () => {
    const limiter = new MotionLimiter();
    limiter.follow(placesOf(0, [0, 0, 0], 0), 0, ALL_PARTS, 1000);
    limiter.follow(placesOf(5, [0, -3, 0.1], 1), 0, ALL_PARTS, 1050);
    expect(shownAt(limiter, 0)).toBeCloseTo(0.3, 6);
    expect(shownAt(limiter, ROTATION_CHANNEL + 1)).toBeCloseTo(-1.2, 6);
    expect(shownAt(limiter, ROTATION_CHANNEL + 2)).toBeCloseTo(0.1, 3);
    expect(shownAt(limiter, FACE_CHANNEL)).toBeCloseTo(1, 2);
    for (let k = 2; k < 40; k += 1) limiter.follow(placesOf(5, [0, -3, 0.1], 1), 0, ALL_PARTS, 1000 + k * 50);
    expect(shownAt(limiter, 0)).toBeCloseTo(5, 3);
    expect(shownAt(limiter, ROTATION_CHANNEL + 1)).toBeCloseTo(-3, 3);
  });

  it('C-28: the same rotation written the other way round is no motion', () => {
    const limiter = new MotionLimiter();
    limiter.follow(placesOf(0, [0, 3.3, 0], 0), 0, ALL_PARTS, 1000);
    limiter.follow(placesOf(0, [0, 3.31 - 2 * Math.PI, 0], 0), 0, ALL_PARTS, 1033);
    expect(shownAt(limiter, ROTATION_CHANNEL + 1)).toBeCloseTo(3.31 - 2 * Math.PI, 2);
  });

  it('C-28: a part that was absent appears where it is', () => {
    const limiter = new MotionLimiter();
    limiter.follow(placesOf(0, [0, 0, 0], 0), 0, PosePart.face, 1000);
    limiter.follow(placesOf(5, [0, 3, 0], 0), 0, ALL_PARTS, 1033);
    expect(shownAt(limiter, 0)).toBeCloseTo(5, 3);
  });

  it('C-28: after more than a second the bounds are those of a second, and after a time that goes back those of 33 ms', () => {
    const limiter = new MotionLimiter();
    limiter.follow(placesOf(0, [0, 0, 0], 0), 0, ALL_PARTS, 0);
    limiter.follow(placesOf(50, [0, 0, 0], 0), 0, ALL_PARTS, 60_000);
    expect(shownAt(limiter, 0)).toBeCloseTo(6, 6);
    limiter.follow(placesOf(50, [0, 0, 0], 0), 0, ALL_PARTS, 1000);
    expect(shownAt(limiter, 0)).toBeCloseTo(6 + 0.198, 6);
  });
});
