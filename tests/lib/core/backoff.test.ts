import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs } from '@/lib/core/backoff';

describe('backoffMs', () => {
  it('a backoff doubles from 250 ms up to the longest', () => {
    expect([0, 1, 2, 3, 4, 5, 1000].map((attempt) => backoffMs(attempt, 4000, 1))).toEqual([
      250, 500, 1000, 2000, 4000, 4000, 4000,
    ]);
  });

  it('a backoff spreads its delays over their upper half', () => {
    fc.assert(
      fc.property(fc.nat(50), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, random) => {
        const mostMs = backoffMs(attempt, 4000, 1);
        expect(backoffMs(attempt, 4000, random)).toBeGreaterThanOrEqual(mostMs / 2);
        expect(backoffMs(attempt, 4000, random)).toBeLessThanOrEqual(mostMs);
      }),
    );
  });
});
