import { describe, expect, it } from 'vitest';
import { RateMeter } from '@/lib/core/rateMeter';

describe('RateMeter', () => {
  it.each([10, 20, 30, 60])('a rate meter counts %i events a second', (fps) => {
    const meter = new RateMeter();
    let nowMs = 3_000_017;
    for (let k = 0; k < fps * 5; k += 1) {
      meter.note(nowMs);
      nowMs += 1000 / fps;
    }
    expect(meter.perSecond(nowMs)).toBeGreaterThan(fps * 0.93);
    expect(meter.perSecond(nowMs)).toBeLessThan(fps * 1.07);
    expect(meter.perSecond(nowMs + 3000)).toBe(0);
  });

  it('a rate is zero before the first event', () => {
    expect(new RateMeter().perSecond(5)).toBe(0);
    expect(new RateMeter().perSecondOfWindow(5)).toBe(0);
  });

  it('a rate covers the amounts of the last two seconds', () => {
    const meter = new RateMeter();
    for (let ms = 0; ms < 5_000; ms += 100) meter.note(ms, 278);
    expect(meter.perSecondOfWindow(4_999)).toBeCloseTo(2780, -1);
    expect(meter.perSecondOfWindow(5_999)).toBeLessThan(0.6 * 2780);
    expect(meter.perSecondOfWindow(8_000)).toBe(0);
  });

  it('a young rate is taken over the time since the first event, or over the whole window on request', () => {
    const meter = new RateMeter();
    for (let ms = 10_000; ms < 10_500; ms += 50) meter.note(ms);
    expect(meter.perSecond(10_500)).toBe(20);
    expect(meter.perSecondOfWindow(10_500)).toBeCloseTo(10 / 1.75, 6);
  });
});
