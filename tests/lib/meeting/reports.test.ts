import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AgeHistogram } from '@/lib/meeting/reports';

describe('a histogram of ages', () => {
  it('M-22 the histogram of ages knows the 95th percentile to half a step', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 2040, noNaN: true }), { minLength: 1, maxLength: 200 }), (ages) => {
        const histogram = new AgeHistogram();
        for (const ageMs of ages) histogram.note(ageMs);
        const sorted = [...ages].sort((a, b) => a - b);
        const exact = sorted[Math.ceil(sorted.length * 0.95) - 1]!;
        expect(Math.abs(histogram.p95Ms() - exact)).toBeLessThanOrEqual(4);
        expect(histogram.count).toBe(ages.length);
      }),
    );
  });

  it('the histogram of ages clamps what is no age, and forgets when cleared', () => {
    const histogram = new AgeHistogram();
    expect(histogram.p95Ms()).toBe(0);
    for (const ageMs of [Number.NaN, -1, Number.POSITIVE_INFINITY]) histogram.note(ageMs);
    expect([histogram.count, histogram.p95Ms()]).toEqual([3, 2040]);
    histogram.clear();
    expect([histogram.count, histogram.p95Ms()]).toEqual([0, 0]);
  });
});
