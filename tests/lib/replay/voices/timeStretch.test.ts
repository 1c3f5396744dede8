import { describe, expect, it } from 'vitest';
import { TimeStretch } from '@/lib/replay/voices/timeStretch';

const RATE_HZ = 48_000;

/** A voice-like sound: a fundamental with overtones. */
function tone(hz: number, seconds: number): Float32Array {
  return Float32Array.from({ length: seconds * RATE_HZ }, (_, k) => {
    const phase = (2 * Math.PI * hz * k) / RATE_HZ;
    return 0.4 * Math.sin(phase) + 0.2 * Math.sin(2 * phase) + 0.1 * Math.sin(3 * phase);
  });
}

function stretched(samples: Float32Array, rate: number): Float32Array {
  const stretch = new TimeStretch(rate);
  const out: number[] = [];
  for (let at = 0; at < samples.length; at += 960) out.push(...stretch.push(samples.subarray(at, at + 960)));
  return Float32Array.from(out);
}

/** The frequency of the shortest period that fits as well as any, by autocorrelation. */
function pitchHz(samples: Float32Array): number {
  const middle = samples.subarray(samples.length >> 1, (samples.length >> 1) + 9600);
  const fits = Array.from({ length: 800 }, (_, lag) => {
    let sum = 0;
    for (let k = 0; k < 8000; k += 1) sum += middle[k]! * middle[k + lag]!;
    return sum;
  });
  const most = Math.max(...fits.slice(100));
  const lag = fits.findIndex((fit, k) => k > 100 && fit > 0.95 * most && fit >= fits[k + 1]! && fit >= fits[k - 1]!);
  return RATE_HZ / lag;
}

function rms(samples: Float32Array): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
}

describe('a voice at another speed', () => {
  it.each([
    [0.5, 110],
    [0.75, 220],
    [1.5, 147],
    [2, 110],
    [2, 233],
  ])('at %s times the speed, a voice of %s Hz keeps its pitch and loudness and takes as much less time', (rate, hz) => {
    const input = tone(hz, 2);
    const output = stretched(input, rate);
    // The last pieces are kept back.
    expect(output.length / (input.length / rate)).toBeGreaterThan(0.9);
    expect(output.length / (input.length / rate)).toBeLessThan(1.01);
    expect(Math.abs(pitchHz(output) / pitchHz(input) - 1)).toBeLessThan(0.01);
    expect(rms(output.subarray(4800)) / rms(input)).toBeGreaterThan(0.9);
    expect(rms(output.subarray(4800)) / rms(input)).toBeLessThan(1.1);
  });

  it('a sound comes where it belongs, within 20 ms', () => {
    for (const rate of [0.5, 1.25, 2]) {
      const input = new Float32Array(2 * RATE_HZ);
      input.set(tone(150, 0.5), RATE_HZ);
      const output = stretched(input, rate);
      const from = output.findIndex((sample) => Math.abs(sample) > 0.1);
      expect(Math.abs(from / RATE_HZ - 1 / rate)).toBeLessThan(0.02);
    }
  });
});
