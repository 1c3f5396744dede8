import { describe, expect, it } from 'vitest';
import { capsAt } from '@/scene/frame/detailCaps';
import { FINEST_LEVEL, poseIntervalMs, TIER_COUNT, tierAt } from '@/scene/frame/detailTiers';

const TIERS = Array.from({ length: TIER_COUNT }, (_, tier) => tier);

describe('detail tiers', () => {
  it('as designed: 8 people at full rate, 24 at half, 64 with bodies only, the rest coarser still', () => {
    const ranks = Array.from({ length: 200 }, (_, rank) => tierAt(rank, capsAt(1)));
    const counts = TIERS.map((tier) => ranks.filter((other) => other === tier).length);
    expect(counts).toEqual([8, 24, 64, 104]);
  });

  it('poses at every frame, 30 times, 10 to 15 times and less often a second', () => {
    const rates = TIERS.map((tier) => 1000 / poseIntervalMs(tier, false));
    expect(rates[0]).toBe(Number.POSITIVE_INFINITY);
    expect(rates[1]).toBeCloseTo(30, 0);
    expect(rates[2]).toBeGreaterThanOrEqual(10);
    expect(rates[2]).toBeLessThanOrEqual(15);
    expect(rates[3]).toBeLessThan(10);
  });

  it('moves everybody of a meeting at every frame, in the picture or not, as long as the machine keeps up', () => {
    const caps = capsAt(3);
    for (let rank = 0; rank < 16; rank += 1) {
      for (const isHidden of [false, true]) expect(poseIntervalMs(tierAt(rank, caps), isHidden)).toBe(0);
    }
  });

  it('leaves fingers and fine meshes to the first two tiers', () => {
    expect(FINEST_LEVEL).toEqual([0, 0, 2, 3]);
  });
});
