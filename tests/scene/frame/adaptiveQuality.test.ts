import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  GPU_PACE,
  nextQuality,
  PIXEL_RATIO_MIN,
  type QualityLimits,
  type QualityState,
  startQuality,
} from '@/scene/frame/adaptiveQuality';

const LIMITS: QualityLimits = { pixelRatioMax: 2, pixelRatioMin: PIXEL_RATIO_MIN, shadowsAllowed: true, ...GPU_PACE };

function run(frameTimesMs: readonly number[], from = startQuality(LIMITS)): QualityState {
  return frameTimesMs.reduce((state, frameMs) => nextQuality(state, frameMs, 600, LIMITS), from);
}

const repeat = (frameMs: number, times: number) => new Array<number>(times).fill(frameMs);

describe('adaptive quality', () => {
  it('begins with everything', () => {
    expect(startQuality(LIMITS)).toMatchObject({ pixelRatio: 2, shadows: true });
  });

  it('gives up sharpness above 1 first, then shadows, then goes to the least', () => {
    const states = [...Array(20).keys()].map((n) => run(repeat(60, n)));
    const firstWithoutShadows = states.find((state) => !state.shadows)!;
    expect(firstWithoutShadows.pixelRatio).toBe(1);
    expect(states.at(-1)).toMatchObject({ pixelRatio: PIXEL_RATIO_MIN, shadows: false });
  });

  it('comes back slowly once frames are fast again', () => {
    const low = run(repeat(60, 20));
    expect(run(repeat(16.7, 2), low).pixelRatio).toBe(low.pixelRatio);
    expect(run(repeat(16.7, 400), low)).toMatchObject({ pixelRatio: 2, shadows: true });
  });

  it('waits twice as long after a raise that was too much', () => {
    const raised = run(repeat(16.7, 8), run(repeat(60, 20)));
    expect(raised.lastChange).toBe('raised');
    expect(run([60], raised).patienceMs).toBe(raised.patienceMs * 2);
  });

  it('stays as it is between slow and fast', () => {
    const state = startQuality(LIMITS);
    expect(nextQuality(state, 20, 600, LIMITS)).toBe(state);
  });

  it('never leaves its bounds', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(10, 17, 20, 40, 200), { maxLength: 200 }), (times) => {
        const { pixelRatio } = run(times);
        expect(pixelRatio).toBeGreaterThanOrEqual(PIXEL_RATIO_MIN);
        expect(pixelRatio).toBeLessThanOrEqual(2);
      }),
    );
  });
});
