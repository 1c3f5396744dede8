import { describe, expect, it } from 'vitest';
import { HIGHEST_RUNG, highestRungWithFps, LADDER, LOWEST_RUNG, rungOf } from '@/lib/quality/ladder';
import { TIERS } from '@/lib/quality/tiers';
import { LIVELY_FACTOR, wireBpsOf } from '@/lib/quality/wireCost';

describe('the ladder', () => {
  it.each([1, LIVELY_FACTOR, 4])(
    'Q-1 costs more on the wire with every rung, for people %i times as lively',
    (liveliness) => {
      const costs = LADDER.map((tier) => wireBpsOf(tier, liveliness));
      expect(costs).toEqual([...costs].sort((a, b) => a - b));
      expect(new Set(costs).size).toBe(LADDER.length);
    },
  );

  it('Q-1 holds the base tiers, and goes beyond and below them', () => {
    for (const tier of Object.values(TIERS)) expect(LADDER[rungOf(tier.name)]).toBe(tier);
    expect(rungOf('low')).toBeGreaterThan(LOWEST_RUNG);
    expect(rungOf('high')).toBeLessThan(HIGHEST_RUNG);
  });

  it.each([
    [0, 5],
    [9.9, 5],
    [10, 10],
    [25, 24],
    [1000, 30],
  ])('Q-41 finds the highest rung of at most %d frames a second', (fps, found) => {
    expect(LADDER[highestRungWithFps(fps)]!.fps).toBe(found);
  });
});
