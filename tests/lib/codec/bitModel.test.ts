import { describe, expect, it } from 'vitest';
import { SQUASH, STRETCH, STRETCH_LIMIT } from '@/lib/codec/bitModel';

function sumOf(table: ArrayLike<number>): number {
  return Array.from(table).reduce((sum, value, index) => (sum + value * (index + 1)) % 1_000_003, 0);
}

describe('the logistic tables', () => {
  it('C-18: squash is the logistic function, rounded', () => {
    const errors = Array.from(SQUASH, (p, at) => Math.abs(p - 65536 / (1 + Math.exp((STRETCH_LIMIT - at) / 256))));
    expect(Math.max(...errors)).toBeLessThan(0.501);
  });

  it('C-18: stretch is the inverse of squash', () => {
    const wrong = Array.from(STRETCH, (x, at) => {
      const middle = at * 16 + 8;
      const reaches = x === STRETCH_LIMIT || SQUASH[x + STRETCH_LIMIT]! >= middle;
      const isLeast = x === -STRETCH_LIMIT || SQUASH[x + STRETCH_LIMIT - 1]! < middle;
      return reaches && isLeast ? 0 : 1;
    });
    expect(wrong.every((fault) => fault === 0)).toBe(true);
  });

  it('C-18: stretch and squash are the same on every machine', () => {
    expect([SQUASH[0], SQUASH[STRETCH_LIMIT], SQUASH[2 * STRETCH_LIMIT]]).toEqual([22, 32768, 65514]);
    expect({ squash: sumOf(SQUASH), stretch: sumOf(STRETCH) }).toEqual({ squash: 466910, stretch: 5391 });
  });
});
