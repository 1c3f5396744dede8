import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LOUD_DB, loudnessOf, rms, SILENT_DB, SpeakingGate, smoothLevel } from '@/lib/voice/voiceMeter';

const fromDb = (db: number) => 10 ** (db / 20);

describe('rms', () => {
  it('the RMS of a sine is its amplitude over the root of two', () => {
    const sine = Float32Array.from({ length: 4800 }, (_, at) => 0.5 * Math.sin((2 * Math.PI * at) / 48));
    expect(rms(sine)).toBeCloseTo(0.5 / Math.SQRT2, 4);
  });

  it('the RMS of no samples is 0', () => {
    expect(rms(new Float32Array(0))).toBe(0);
  });
});

describe('loudnessOf', () => {
  it('loudness is linear in dB from silent to loud', () => {
    expect(loudnessOf(fromDb(SILENT_DB))).toBeCloseTo(0, 6);
    expect(loudnessOf(fromDb((SILENT_DB + LOUD_DB) / 2))).toBeCloseTo(0.5, 6);
    expect(loudnessOf(fromDb(LOUD_DB))).toBeCloseTo(1, 6);
  });

  it('loudness stays between 0 and 1 and never falls as the sound grows', () => {
    fc.assert(
      fc.property(fc.double(), fc.double(), (a, b) => {
        const [soft, loud] = [loudnessOf(Math.min(a, b)), loudnessOf(Math.max(a, b))];
        expect(soft).toBeGreaterThanOrEqual(0);
        expect(loud).toBeLessThanOrEqual(1);
        if (!Number.isNaN(a) && !Number.isNaN(b)) expect(loud).toBeGreaterThanOrEqual(soft);
      }),
    );
  });
});

describe('smoothLevel', () => {
  const level = fc.double({ min: 0, max: 1, noNaN: true });

  it('a smoothed level lies between the shown and the heard one', () => {
    fc.assert(
      fc.property(level, level, fc.double({ min: 0, max: 2000, noNaN: true }), (shown, heard, elapsedMs) => {
        const next = smoothLevel(shown, heard, elapsedMs);
        expect(next).toBeLessThanOrEqual(Math.max(shown, heard) + 1e-9);
        expect(next).toBeGreaterThanOrEqual(Math.min(shown, heard) - 1e-4);
      }),
    );
  });

  it('a smoothed level rises faster than it falls, and ends in exact silence', () => {
    expect(smoothLevel(0, 1, 50)).toBeGreaterThan(1 - smoothLevel(1, 0, 50));
    let shown = 1;
    for (let frame = 0; frame < 120; frame += 1) shown = smoothLevel(shown, 0, 16);
    expect(shown).toBe(0);
  });
});

describe('SpeakingGate', () => {
  it('speaking starts at once with a voice, and not with a quiet room', () => {
    const gate = new SpeakingGate();
    expect(gate.update(0.3, 0)).toBe(false);
    expect(gate.update(0.5, 16)).toBe(true);
  });

  it('speaking goes on between words and ends after a pause', () => {
    const gate = new SpeakingGate();
    gate.update(0.6, 0);
    expect(gate.update(0, 200)).toBe(true);
    expect(gate.update(0.5, 400)).toBe(true);
    expect(gate.update(0, 800)).toBe(true);
    expect(gate.update(0, 900)).toBe(false);
  });

  it('speaking does not flicker at a level between the two thresholds', () => {
    const gate = new SpeakingGate();
    const quietBefore = Array.from({ length: 20 }, (_, at) => gate.update(0.3, at * 100));
    gate.update(0.5, 2000);
    const after = Array.from({ length: 20 }, (_, at) => gate.update(0.3, 2100 + at * 100));
    expect(quietBefore).not.toContain(true);
    expect(after).not.toContain(false);
  });
});
