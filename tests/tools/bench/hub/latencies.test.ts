import { expect, it } from 'vitest';
import { Latencies, quantile } from '@/tools/bench/hub/latencies';

it('gives quantiles to its own resolution, and forgets', () => {
  const latencies = new Latencies();
  for (let ms = 1; ms <= 100; ms += 1) latencies.add(ms);
  expect(latencies.quantileMs(0.5)).toBeCloseTo(50, 0);
  expect(latencies.quantileMs(0.95)).toBeCloseTo(95, 0);
  latencies.clear();
  expect(latencies.count).toBe(0);
  expect(latencies.quantileMs(0.95)).toBe(0);
});

it('counts what is out of its range at its ends', () => {
  const latencies = new Latencies();
  latencies.add(-1);
  latencies.add(60_000);
  expect(latencies.quantileMs(0.5)).toBeCloseTo(0.05);
  expect(latencies.quantileMs(1)).toBeCloseTo(10_000);
});

it('takes the value that the asked part of all does not exceed', () => {
  expect(quantile([4, 1, 3, 2], 0.5)).toBe(2);
  expect(quantile([4, 1, 3, 2], 0.95)).toBe(4);
  expect(quantile([], 0.5)).toBe(0);
});
