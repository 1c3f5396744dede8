import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { capsAt } from '@/scene/frame/detailCaps';
import {
  distancesToPixels,
  FINEST_LEVEL,
  isPoseDue,
  nextLevel,
  poseIntervalMs,
  TIER_COUNT,
  tierAt,
} from '@/scene/frame/detailTiers';

describe('level of detail', () => {
  it('a person at twice the distance is half as many pixels tall', () => {
    const pixels = Float64Array.of(2, 4);
    distancesToPixels(pixels, { heightPx: 900, fov: 40, coarseness: 1 });
    expect(pixels[1]).toBeCloseTo(pixels[0]! / 2, 9);
  });

  it('people who are very near count as 10 cm away', () => {
    const pixels = Float64Array.of(0, 0.1);
    distancesToPixels(pixels, { heightPx: 900, fov: 40, coarseness: 1 });
    expect(pixels[0]).toBe(pixels[1]);
  });

  it('the level is coarser the smaller a person is', () => {
    const levels = [2000, 300, 100, 40].map((pixels) => nextLevel(0, pixels, 1));
    expect(levels).toEqual([0, 1, 2, 3]);
  });

  it('a level changed at a border is not changed back at the same size', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3 }), fc.double({ min: 10, max: 2000, noNaN: true }), (level, pixels) => {
        const next = nextLevel(level, pixels, 1);
        expect(nextLevel(next, pixels, 1)).toBe(next);
      }),
    );
  });
});

const TIERS = Array.from({ length: TIER_COUNT }, (_, tier) => tier);

describe('detail tiers', () => {
  it('as designed, 8 people are at full rate, 24 at half, 64 with bodies only, the rest coarser still', () => {
    const ranks = Array.from({ length: 200 }, (_, rank) => tierAt(rank, capsAt(1)));
    const counts = TIERS.map((tier) => ranks.filter((other) => other === tier).length);
    expect(counts).toEqual([8, 24, 64, 104]);
  });

  it('tiers are posed in every frame, 30 times, 10 to 15 times and less often a second', () => {
    const rates = TIERS.map((tier) => 1000 / poseIntervalMs(tier, false));
    expect(rates[0]).toBe(Number.POSITIVE_INFINITY);
    expect(rates[1]).toBeCloseTo(30, 0);
    expect(rates[2]).toBeGreaterThanOrEqual(10);
    expect(rates[2]).toBeLessThanOrEqual(15);
    expect(rates[3]).toBeLessThan(10);
  });

  it('everyone in a meeting moves in every frame, in the picture or not, while the machine keeps up', () => {
    const caps = capsAt(3);
    for (let rank = 0; rank < 16; rank += 1) {
      for (const isHidden of [false, true]) expect(poseIntervalMs(tierAt(rank, caps), isHidden)).toBe(0);
    }
  });

  it('only the first two tiers have fingers and fine meshes', () => {
    expect(FINEST_LEVEL).toEqual([0, 0, 2, 3]);
  });
});

/** How many poses are due in `frames` frames `frameMs` apart. */
function posesIn(frames: number, frameMs: number, intervalMs: number, phase: number): number {
  let lastMs = Number.NaN;
  let count = 0;
  for (let frame = 0; frame < frames; frame += 1) {
    const nowMs = frame * frameMs;
    if (!isPoseDue(lastMs, nowMs, intervalMs, phase)) continue;
    lastMs = nowMs;
    count += 1;
  }
  return count;
}

describe('isPoseDue', () => {
  it('a pose is due once an interval where frames come faster, and in every frame where they do not', () => {
    expect(posesIn(600, 1000 / 60, 66, 0.3)).toBeCloseTo(10_000 / 66, -1);
    expect(posesIn(60, 110, 66, 0.3)).toBe(60);
    expect(posesIn(60, 16, 0, 0.3)).toBe(60);
  });

  it('due poses are spread over the frames of an interval', () => {
    const phases = Array.from({ length: 200 }, (_, i) => i / 200);
    for (let frame = 1; frame < 20; frame += 1) {
      const [lastMs, nowMs] = [((frame - 1) * 1000) / 60, (frame * 1000) / 60];
      const due = phases.filter((phase) => isPoseDue(lastMs, nowMs, 66, phase)).length;
      expect(due).toBeGreaterThan(40);
      expect(due).toBeLessThan(62);
    }
  });

  it('a pose never waits longer than an interval', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1e7, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 200 }),
        (lastMs, phase, intervalMs) => {
          expect(isPoseDue(lastMs, lastMs + intervalMs + 0.001, intervalMs, phase)).toBe(true);
        },
      ),
    );
  });
});
