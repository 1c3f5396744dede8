import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { retryDelayMs } from '@/lib/core/retryDelay';

describe('retryDelayMs', () => {
  it('doubles up to a bound', () => {
    expect([0, 1, 2, 3, 4, 5, 1000].map((attempt) => retryDelayMs(attempt, 1))).toEqual([
      250, 500, 1000, 2000, 4000, 4000, 4000,
    ]);
  });

  it('spreads over the upper half', () => {
    fc.assert(
      fc.property(fc.nat(50), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, random) => {
        const mostMs = retryDelayMs(attempt, 1);
        expect(retryDelayMs(attempt, random)).toBeGreaterThanOrEqual(mostMs / 2);
        expect(retryDelayMs(attempt, random)).toBeLessThanOrEqual(mostMs);
      }),
    );
  });
});
