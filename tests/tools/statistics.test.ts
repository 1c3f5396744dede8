import { expect, it } from 'vitest';
import { median, quantile, ratioSpread, spreadOf, spreadText } from '@/tools/statistics';

it('the median of an even number of values is the mean of the middle two', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
});

it('a quantile is the value that the share asked for does not exceed', () => {
  expect(quantile([4, 1, 3, 2], 0.5)).toBe(2);
  expect(quantile([4, 1, 3, 2], 0.95)).toBe(4);
  expect(quantile([], 0.5)).toBe(0);
});

it('a spread has the median and both ends', () => {
  expect(spreadOf([3, 1, 2])).toEqual({ median: 2, least: 1, most: 3 });
  expect(spreadOf([4, 1])).toEqual({ median: 2.5, least: 1, most: 4 });
});

it('ratios are taken run by run, not between medians', () => {
  expect(ratioSpread([10, 40, 12], [1, 4, 2])).toEqual({ median: 10, least: 6, most: 10 });
});

it('a spread is written as the median and its range', () => {
  expect(spreadText({ median: 1.25, least: 1, most: 2 }, 1)).toBe('1.3 (1.0 .. 2.0)');
});
