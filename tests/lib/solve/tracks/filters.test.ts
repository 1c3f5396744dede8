import { describe, expect, it } from 'vitest';
import { JitterMeter, OneEuro, PointFilter } from '@/lib/solve/tracks/filters';
import { seededRandom } from '@/tools/seededRandom';
import { FRAME_MS } from '../person';

const SETTINGS = { minCutoffHz: 0.7, beta: 20, speedCutoffHz: 3, jitter: 0.0025 };

function normals(seed: number): () => number {
  const random = seededRandom(seed);
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** A hand that swings by 30 cm once a second. */
const swing = (seconds: number) => 0.15 * Math.sin(2 * Math.PI * seconds);

describe('the jitter of points', () => {
  it('S-15: jitter is measured while points move, at an uneven pace', () => {
    const meter = new JitterMeter(1, 3);
    const normal = normals(1);
    let seconds = 0;
    for (let k = 0; k < 600; k += 1) {
      const step = k % 2 === 0 ? 0.03 : 0.036;
      seconds += step;
      meter.advance(
        [swing(seconds), 0, 0].map((value) => value + 0.003 * normal()),
        step,
      );
    }
    // Three axes of 3 mm are 5.2 mm; calm is trusted sooner than unrest, so the measurement lies below.
    expect(meter.deviations[0]).toBeGreaterThan(0.0025);
    expect(meter.deviations[0]).toBeLessThan(0.0065);
  });

  it('S-15: smooth motion has little jitter', () => {
    const meter = new JitterMeter(1, 3);
    for (let k = 0; k < 300; k += 1) meter.advance([swing(k / 30), swing(k / 30 + 0.2), 0], 1 / 30);
    expect(meter.deviations[0]).toBeLessThan(0.0006);
  });
});

describe('filtered points', () => {
  it('S-15: exact points are hardly delayed', () => {
    const filter = new PointFilter(1, SETTINGS);
    let worst = 0;
    for (let k = 0; k < 300; k += 1) {
      filter.advance([swing(k / 30), 0, 0], FRAME_MS);
      if (k > 60) worst = Math.max(worst, Math.abs(filter.values[0]! - swing(k / 30)));
    }
    // At most 0.94 m/s: 8 mm are 9 ms.
    expect(worst).toBeLessThan(0.008);
  });

  it('S-15: points at rest that jitter are held far stiller than by the same filter without a jitter measurement', () => {
    const [ours, plain] = [new PointFilter(1, SETTINGS), new OneEuro(1, 3, SETTINGS)];
    const normal = normals(2);
    const steps = [0, 0];
    for (let k = 0; k < 600; k += 1) {
      const raw = [0, 0, 0].map(() => 0.003 * normal());
      const before = [ours.values[0]!, plain.values[0]!];
      ours.advance(raw, FRAME_MS);
      plain.advance(raw, FRAME_MS);
      if (k < 60) continue;
      steps[0]! += (ours.values[0]! - before[0]!) ** 2;
      steps[1]! += (plain.values[0]! - before[1]!) ** 2;
    }
    expect(Math.sqrt(steps[0]! / 540)).toBeLessThan(0.0006);
    expect(steps[0]!).toBeLessThan(0.5 * steps[1]!);
  });

  it('S-1: a filter ignores readings with no time between them, and starts again after forgetting', () => {
    const filter = new PointFilter(1, SETTINGS);
    filter.advance([1, 2, 3], 0);
    filter.advance([9, 9, 9], 0);
    expect([...filter.values]).toEqual([1, 2, 3]);
    filter.forget();
    expect(filter.isFresh).toBe(true);
    filter.advance([9, 9, 9], FRAME_MS);
    expect([...filter.values]).toEqual([9, 9, 9]);
  });
});
