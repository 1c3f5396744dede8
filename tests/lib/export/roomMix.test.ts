import { describe, expect, it } from 'vitest';
import { type Panning, RoomMix } from '@/lib/export/roomMix';

const BOTH: Panning = { left: 1, right: 1 };

/** A mix whose output is kept, left and right in turns. */
function mixOf(samples: number) {
  const out: number[] = [];
  return { mix: new RoomMix(samples, (interleaved) => out.push(...interleaved)), out };
}

const tone = (count: number, peak: number) => Float32Array.from({ length: count }, (_, k) => peak * Math.sin(k * 0.05));

describe('a mix of voices', () => {
  it('a single voice is mixed unchanged, on each side as loud as it is panned', () => {
    const { mix, out } = mixOf(3000);
    const voice = tone(2000, 0.8);
    mix.add(voice, 500, { left: 1, right: 0.25 });
    mix.finish();
    expect(out).toHaveLength(6000);
    for (let k = 0; k < 3000; k += 1) {
      const value = voice[k - 500] ?? 0;
      expect(out[2 * k]).toBeCloseTo(value, 6);
      expect(out[2 * k + 1]).toBeCloseTo(value / 4, 6);
    }
  });

  it('many voices at once stay below full scale, without a jump of loudness', () => {
    const { mix, out } = mixOf(96_000);
    for (let voice = 0; voice < 16; voice += 1) mix.add(tone(20_000, 0.6), 10_000, BOTH);
    mix.add(tone(96_000, 0.3), 0, BOTH);
    for (let at = 0; at <= 96_000; at += 4800) mix.flush(at);
    mix.finish();
    expect(out.reduce((peak, value) => Math.max(peak, Math.abs(value)), 0)).toBeLessThanOrEqual(0.951);
    // It was turned down before the others began, and comes back after.
    const peakOf = (from: number, to: number) =>
      out.slice(2 * from, 2 * to).reduce((peak, value) => Math.max(peak, Math.abs(value)), 0);
    expect(peakOf(0, 8000)).toBeCloseTo(0.3, 2);
    expect(peakOf(32_000, 33_000)).toBeLessThan(0.2);
    expect(peakOf(80_000, 96_000)).toBeCloseTo(0.3, 2);
  });

  it('sound is handed on once nothing can change it, in order, and what comes later is counted', () => {
    const { mix, out } = mixOf(96_000);
    mix.add(Float32Array.of(0.5), 0, BOTH);
    mix.flush(48_000);
    expect(out.length / 2).toBe(48_000 - 960);
    expect(out[0]).toBe(0.5);
    mix.add(new Float32Array(100).fill(0.5), 10, BOTH);
    expect(mix.lostSamples).toBe(100);
    mix.finish();
    expect(out.length / 2).toBe(96_000);
    expect(out.slice(20)).not.toContain(0.5);
  });

  it('what lies before the mix or after it is left out', () => {
    const { mix, out } = mixOf(1000);
    mix.add(tone(500, 0.5), -250, BOTH);
    mix.add(tone(500, 0.5), 900, BOTH);
    mix.finish();
    expect(out).toHaveLength(2000);
    expect(mix.lostSamples).toBe(0);
    expect(out[0]).toBeCloseTo(0.5 * Math.sin(250 * 0.05), 5);
  });
});
