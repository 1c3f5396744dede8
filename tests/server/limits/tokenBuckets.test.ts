import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callerKey, KeyedTokenBuckets, TokenBucket } from '@/server/limits/tokenBuckets';
import { ManualClock } from '@/tests/support/manualClock';

describe('TokenBucket', () => {
  it('H-35 a token bucket never lets more pass than burst and rate allow', () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 1, max: 8 })), {
      maxLength: 100,
    });
    fc.assert(
      fc.property(steps, (requests) => {
        const bucket = new TokenBucket(10, 20, 0);
        let nowMs = 0;
        let taken = 0;
        for (const [afterMs, amount] of requests) {
          nowMs += afterMs;
          if (bucket.tryTake(amount, nowMs)) taken += amount;
          expect(taken).toBeLessThanOrEqual(20 + nowMs / 100 + 1e-9);
        }
      }),
    );
  });
});

describe('KeyedTokenBuckets', () => {
  it('keyed buckets let a burst through, then one for each token gained', () => {
    const clock = new ManualClock();
    const buckets = new KeyedTokenBuckets({ burst: 3, perSecond: 2 }, clock);
    expect([1, 2, 3].map(() => buckets.take('a'))).toEqual([0, 0, 0]);
    expect(buckets.take('a')).toBe(500);
    expect(buckets.take('b')).toBe(0);
    clock.advance(499);
    expect(buckets.take('a')).toBe(1);
    clock.advance(1);
    expect(buckets.take('a')).toBe(0);
    expect(buckets.waitMs('a')).toBe(500);
  });

  it('keyed buckets never let more than burst + rate x time through', () => {
    const steps = fc.array(fc.nat(2000), { maxLength: 200 });
    fc.assert(
      fc.property(
        steps,
        fc.integer({ min: 1, max: 10 }),
        fc.double({ min: 0.1, max: 20, noNaN: true }),
        (waits, burst, perSecond) => {
          const clock = new ManualClock();
          const buckets = new KeyedTokenBuckets({ burst, perSecond }, clock);
          let passed = 0;
          for (const waitMs of waits) {
            clock.advance(waitMs);
            if (buckets.take('a') === 0) passed += 1;
          }
          expect(passed).toBeLessThanOrEqual(burst + (clock.nowMs() / 1000) * perSecond + 1e-6);
        },
      ),
    );
  });

  it('keyed buckets forget the least recently used key', () => {
    const buckets = new KeyedTokenBuckets({ burst: 1, perSecond: 0.001 }, new ManualClock(), 2);
    buckets.take('a');
    buckets.take('b');
    buckets.take('a');
    buckets.take('c');
    expect(buckets.waitMs('a')).toBeGreaterThan(0);
    expect(buckets.take('b')).toBe(0);
  });

  it('a clock that goes back gives no tokens', () => {
    const clock = new ManualClock(10_000);
    const buckets = new KeyedTokenBuckets({ burst: 1, perSecond: 1 }, clock);
    buckets.take('a');
    clock.advance(-5000);
    expect(buckets.take('a')).toBe(1000);
  });
});

describe('callerKey', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:aaaa::1', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002:ffff:ffff:ffff:ffff', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['', ''],
  ])('address %s counts as %s', (ip, key) => {
    expect(callerKey(ip)).toBe(key);
  });

  it('a whole /64 counts as one caller, however it is written', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(0xffff), { minLength: 4, maxLength: 4 }), fc.ipV6(), (prefix, other) => {
        const written = prefix.map((group) => group.toString(16)).join(':');
        expect(callerKey(`${written}::1`)).toBe(callerKey(`${written}:1:2:3:4`));
        expect(callerKey(other)).not.toBe('');
      }),
    );
  });
});
