import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ease, envelope, hash01, roughNoise, smoothNoise, stepProgress } from '@/lib/motion/smoothNoise';

const seed = fc.integer();
const channel = fc.nat(200);
const place = fc.double({ min: -1e5, max: 1e5, noNaN: true });

describe('seeded noise', () => {
  it('hashes spread evenly over 0 to 1, for neighbouring seeds and channels too', () => {
    for (const pick of [
      (k: number) => hash01(1, 2, k),
      (k: number) => hash01(k, 2, 3),
      (k: number) => hash01(1, k, 3),
    ]) {
      const tenths = new Array<number>(10).fill(0);
      for (let k = 0; k < 10_000; k += 1) tenths[Math.floor(pick(k) * 10)]! += 1;
      for (const count of tenths) {
        expect(count).toBeGreaterThan(800);
        expect(count).toBeLessThan(1200);
      }
    }
  });

  it('noise stays within -1 and 1 and changes little in a short time', () => {
    fc.assert(
      fc.property(seed, channel, place, (ofSeed, ofChannel, x) => {
        for (const noise of [smoothNoise, roughNoise]) {
          const value = noise(ofSeed, ofChannel, x);
          expect(Math.abs(value)).toBeLessThanOrEqual(1);
          // The eased step is at most 1.875 times as steep as a straight one over the range of 2.
          expect(Math.abs(noise(ofSeed, ofChannel, x + 1e-3) - value)).toBeLessThan(0.006);
        }
      }),
    );
  });

  it('noise differs between seeds and channels', () => {
    expect(smoothNoise(1, 1, 0.5)).not.toBe(smoothNoise(2, 1, 0.5));
    expect(smoothNoise(1, 1, 0.5)).not.toBe(smoothNoise(1, 2, 0.5));
  });

  it('ease goes from 0 to 1 without a corner', () => {
    expect([-1, 0, 0.5, 1, 2].map(ease)).toEqual([0, 0, 0.5, 1, 1]);
    expect(ease(1e-3)).toBeLessThan(1e-7);
    expect(1 - ease(1 - 1e-3)).toBeLessThan(1e-7);
  });
});

describe('slots of time', () => {
  it('every step ends before the next slot starts', () => {
    fc.assert(
      fc.property(seed, channel, fc.integer({ min: -1000, max: 1000 }), (ofSeed, ofChannel, slot) => {
        expect(stepProgress(ofSeed, ofChannel, slot * 4, 4, 1.7)).toBe(0);
        expect(stepProgress(ofSeed, ofChannel, slot * 4 + 3.999, 4, 1.7)).toBe(1);
      }),
    );
  });

  it('an envelope rises and falls within its bounds', () => {
    expect([0, 1, 1.5, 3, 5, 5.5, 6].map((seconds) => envelope(seconds, 1, 6, 1))).toEqual([0, 0, 0.5, 1, 1, 0.5, 0]);
  });
});
