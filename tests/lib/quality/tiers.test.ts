import { describe, expect, it } from 'vitest';
import { SEATS_MAX } from '@/lib/core/meeting';
import { TIERS, tierForSeated } from '@/lib/quality/tiers';

describe('the quality tiers', () => {
  it('ask for 30, 20 and 10 frames a second at compression 3, 6 and 9', () => {
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

  it('are never better than the operator allows', () => {
    const names = (best: 'high' | 'medium' | 'low') => [1, 6, 12].map((seated) => tierForSeated(seated, best).name);
    expect(names('high')).toEqual(['high', 'medium', 'low']);
    expect(names('medium')).toEqual(['medium', 'medium', 'low']);
    expect(names('low')).toEqual(['low', 'low', 'low']);
  });
});
