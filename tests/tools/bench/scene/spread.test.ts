import { expect, it } from 'vitest';
import { ratioSpread, spreadOf, spreadText } from '@/tools/bench/scene/spread';

it('tells the middle and the ends', () => {
  expect(spreadOf([3, 1, 2])).toEqual({ median: 2, least: 1, most: 3 });
  expect(spreadOf([4, 1])).toEqual({ median: 2.5, least: 1, most: 4 });
});

it('compares round by round, not middle by middle', () => {
  expect(ratioSpread([10, 40, 12], [1, 4, 2])).toEqual({ median: 10, least: 6, most: 10 });
});

it('writes a spread for people', () => {
  expect(spreadText({ median: 1.25, least: 1, most: 2 }, 1)).toBe('1.3 (1.0 .. 2.0)');
});
