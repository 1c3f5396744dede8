import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  areHandsDue,
  choosePlan,
  isBodyDue,
  meanCostMs,
  PICTURE_BUDGET_MS,
  READ_PLANS,
} from '@/lib/capture/worker/pictureReader';

const finest = READ_PLANS[0]!;
const coarsest = READ_PLANS.at(-1)!;

const costs = fc.record({
  faceMs: fc.double({ min: 0, max: 200, noNaN: true }),
  bodyMs: fc.double({ min: 0, max: 200, noNaN: true }),
  handsMs: fc.double({ min: 0, max: 200, noNaN: true }),
});

describe('how often body and hands are read', () => {
  it('body and hands are read in every picture while that is fast, or its cost unknown', () => {
    expect(choosePlan({ faceMs: 8, bodyMs: 12, handsMs: 15 }, true, finest)).toBe(finest);
    expect(choosePlan({ faceMs: Number.NaN, bodyMs: Number.NaN, handsMs: Number.NaN }, true, finest)).toBe(finest);
  });

  it('slow readings become rarer: hands first, then the body', () => {
    expect(choosePlan({ faceMs: 10, bodyMs: 15, handsMs: 40 }, true, finest)).toEqual({ bodyEvery: 1, handsEvery: 2 });
    expect(choosePlan({ faceMs: 17, bodyMs: 25, handsMs: 39 }, true, finest)).toEqual({ bodyEvery: 2, handsEvery: 2 });
    expect(choosePlan({ faceMs: 45, bodyMs: 60, handsMs: 80 }, true, finest)).toBe(coarsest);
  });

  it('the cost of hands counts only while they are read', () => {
    expect(choosePlan({ faceMs: 17, bodyMs: 25, handsMs: 39 }, false, finest)).toBe(finest);
  });

  it('a plan fits the budget whenever one does, and never alternates at the same costs', () => {
    fc.assert(
      fc.property(costs, fc.boolean(), fc.constantFrom(...READ_PLANS), (measured, withHands, before) => {
        const plan = choosePlan(measured, withHands, before);
        const fits = meanCostMs(coarsest, measured, withHands) <= PICTURE_BUDGET_MS;
        if (fits) expect(meanCostMs(plan, measured, withHands)).toBeLessThanOrEqual(PICTURE_BUDGET_MS);
        expect(choosePlan(measured, withHands, plan)).toBe(plan);
      }),
    );
  });

  it('body and hands are read in turns', () => {
    const plan = { bodyEvery: 2, handsEvery: 2 };
    const pictures = [0, 1, 2, 3];
    expect(pictures.map((picture) => isBodyDue(plan, picture))).toEqual([true, false, true, false]);
    expect(pictures.map((picture) => areHandsDue(plan, picture))).toEqual([false, true, false, true]);
    expect(pictures.map((picture) => areHandsDue(finest, picture))).toEqual([true, true, true, true]);
  });
});
