import { describe, expect, it } from 'vitest';
import { FreshStarts } from '@/app/_session/freshStarts';

describe('fresh starts', () => {
  it('are given up after three within a minute', () => {
    const starts = new FreshStarts();
    expect([0, 1_000, 2_000, 3_000].map((nowMs) => starts.admit(nowMs))).toEqual([true, true, true, false]);
  });

  it('are worth trying again and again where they are rare', () => {
    const starts = new FreshStarts();
    for (let k = 0; k < 20; k += 1) expect(starts.admit(k * 20_000)).toBe(true);
  });
});
