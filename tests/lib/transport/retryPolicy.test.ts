import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bridgelessWaitMs, channelOpensWithinMs, nextRetryDelayMs } from '@/lib/transport/retryPolicy';

type Context = Parameters<typeof nextRetryDelayMs>[0];

/** A client that has not been let in for this long gives up. */
const RETRY_GIVE_UP_MS = 600_000;

/** The next pause of a client that is let in all the time. */
const nextMs = (context: Omit<Context, 'unadmittedMs'>) => nextRetryDelayMs({ unadmittedMs: 0, ...context });

const anyRandom = fc.double({ min: 0, max: 1, noNaN: true });

describe('retry policy', () => {
  it('T-43 retries start almost at once, then come twice a second while the outage is young', () => {
    const delays = [0, 1, 2, 3, 4, 5, 40].map((attempts) => nextMs({ attempts, elapsedMs: 0, random: 1 }));
    expect(delays).toEqual([150, 250, 500, 500, 500, 500, 500]);
  });

  it('T-43 retries slow down the longer the outage lasts', () => {
    const longest = [0, 10_000, 19_999, 20_000, 60_000, 180_000, 599_999, 600_000, 36_000_000].map((elapsedMs) =>
      nextMs({ attempts: 40, elapsedMs, random: 1 }),
    );
    expect(longest).toEqual([500, 1000, 1000, 2000, 5000, 10_000, 10_000, 20_000, 20_000]);
  });

  it('T-43 retries end after ten minutes in which the client was not let in, and not before', () => {
    const context = { attempts: 3, elapsedMs: 3 * RETRY_GIVE_UP_MS, random: 0 };
    expect(nextRetryDelayMs({ ...context, unadmittedMs: RETRY_GIVE_UP_MS - 1 })).not.toBeNull();
    expect(nextRetryDelayMs({ ...context, unadmittedMs: RETRY_GIVE_UP_MS })).toBeNull();
  });

  it('T-57 without a bridge, links follow within half a second for ten minutes, then within twenty', () => {
    const longest = [0, 60_000, 599_999, 600_000, 36_000_000].map((elapsedMs) =>
      nextMs({ attempts: 40, elapsedMs, isBridgeAway: true, random: 1 }),
    );
    expect(longest).toEqual([500, 500, 500, 20_000, 20_000]);
  });

  it('T-57 without a bridge, links wait five to ten seconds, each a time of its own', () => {
    expect([0, 0.5, 1].map(bridgelessWaitMs)).toEqual([10_000, 7_500, 5_000]);
  });

  it('T-43 retries are spread over the whole of the first pause and the upper half of the others', () => {
    fc.assert(
      fc.property(fc.nat(40), fc.nat(3 * RETRY_GIVE_UP_MS), anyRandom, (attempts, elapsedMs, random) => {
        const longest = nextMs({ attempts, elapsedMs, random: 1 })!;
        const delay = nextMs({ attempts, elapsedMs, random })!;
        expect(delay).toBeGreaterThanOrEqual(attempts === 0 ? 0 : longest / 2);
        expect(delay).toBeLessThanOrEqual(longest);
      }),
    );
  });

  it('T-43 a retry comes within 1.2 s of the return of a server that was away for less than 20 s', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 19_000, noNaN: true }),
        fc.array(anyRandom, { minLength: 1 }),
        (backAtMs, randoms) => {
          let elapsedMs = 0;
          for (let attempts = 0; elapsedMs < backAtMs; attempts += 1) {
            elapsedMs += nextMs({ attempts, elapsedMs, random: randoms[attempts % randoms.length]! })!;
            if (attempts > 200) return;
          }
          expect(elapsedMs - backAtMs).toBeLessThanOrEqual(1_200);
        },
      ),
    );
  });

  it('T-44 a channel gets more time if those before did not open, up to four times as much', () => {
    expect([0, 1, 2, 3, 100].map(channelOpensWithinMs)).toEqual([10_000, 20_000, 40_000, 40_000, 40_000]);
  });
});
