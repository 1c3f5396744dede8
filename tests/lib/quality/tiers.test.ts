import { describe, expect, it } from 'vitest';
import { SEATS_MAX } from '@/lib/core/meeting';
import { LIVELY_FACTOR, wireBpsOf } from '@/lib/quality/budget';
import {
  framesPerPacket,
  HIGHEST_RUNG,
  highestRungWithFps,
  LADDER,
  LOWEST_RUNG,
  rungOf,
  TIERS,
  tierForSeated,
} from '@/lib/quality/tiers';

describe('the quality tiers', () => {
  it('base tiers ask for 30, 20 and 10 frames a second at compression 3, 6 and 9', () => {
    expect(Object.values(TIERS)).toEqual([
      { name: 'high', fps: 30, compression: 3 },
      { name: 'medium', fps: 20, compression: 6 },
      { name: 'low', fps: 10, compression: 9 },
    ]);
  });

  it.each([
    [0, 'high'],
    [1, 'high'],
    [4, 'high'],
    [5, 'medium'],
    [9, 'medium'],
    [10, 'low'],
    [SEATS_MAX, 'low'],
  ])('%i seated people are served at %s', (seated, name) => {
    expect(tierForSeated(seated).name).toBe(name);
  });

  it('base tiers are never better than the operator allows', () => {
    const names = (best: 'high' | 'medium' | 'low') => [1, 6, 12].map((seated) => tierForSeated(seated, best).name);
    expect(names('high')).toEqual(['high', 'medium', 'low']);
    expect(names('medium')).toEqual(['medium', 'medium', 'low']);
    expect(names('low')).toEqual(['low', 'low', 'low']);
  });
});

describe('frames in a packet', () => {
  it.each([
    [30, 0, 1],
    [30, 1, 1],
    [30, 2, 2],
    [30, 6, 2],
    [30, 7, 3],
    [30, 9, 3],
    [20, 9, 2],
    [10, 9, 1],
    [5, 9, 1],
  ])('Q-2 at %i fps and compression %i a packet holds %i frames', (fps, compression, frames) => {
    expect(framesPerPacket({ fps, compression })).toBe(frames);
  });

  it('Q-2 a packet never spans more than 100 ms, unless a single frame does', () => {
    for (const tier of LADDER) {
      const frames = framesPerPacket(tier);
      expect(frames === 1 || frames / tier.fps <= 0.1).toBe(true);
    }
  });
});

describe('the ladder', () => {
  it.each([1, LIVELY_FACTOR, 4])(
    'Q-1 every rung costs more on the wire than the one below, for people %i times as lively',
    (liveliness) => {
      const costs = LADDER.map((tier) => wireBpsOf(tier, liveliness));
      expect(costs).toEqual([...costs].sort((a, b) => a - b));
      expect(new Set(costs).size).toBe(LADDER.length);
    },
  );

  it('Q-1 the ladder holds the base tiers, and goes beyond and below them', () => {
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
  ])('Q-41 the ladder gives the highest rung of at most %d frames a second', (fps, found) => {
    expect(LADDER[highestRungWithFps(fps)]!.fps).toBe(found);
  });
});
