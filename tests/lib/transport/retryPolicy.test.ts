import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextRetryDelayMs, RETRY_GIVE_UP_MS } from '@/lib/transport/retryPolicy';

describe('retry policy', () => {
  it('starts within a quarter of a second and doubles up to four seconds', () => {
    const delays = [0, 1, 2, 3, 4, 5, 6].map((attempts) => nextRetryDelayMs({ attempts, elapsedMs: 0, random: 1 }));
    expect(delays).toEqual([250, 500, 1000, 2000, 4000, 4000, 4000]);
  });

  it('gives up in the end, and only then', () => {
    expect(nextRetryDelayMs({ attempts: 3, elapsedMs: RETRY_GIVE_UP_MS - 1, random: 0 })).not.toBeNull();
    expect(nextRetryDelayMs({ attempts: 3, elapsedMs: RETRY_GIVE_UP_MS, random: 0 })).toBeNull();
  });

  it('spreads people by at most half of the delay', () => {
    fc.assert(
      fc.property(fc.nat(40), fc.double({ min: 0, max: 1, noNaN: true }), (attempts, random) => {
        const longest = nextRetryDelayMs({ attempts, elapsedMs: 0, random: 1 })!;
        const delay = nextRetryDelayMs({ attempts, elapsedMs: 0, random })!;
        expect(delay).toBeGreaterThanOrEqual(longest / 2);
        expect(delay).toBeLessThanOrEqual(longest);
      }),
    );
  });
});
