import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PlayedTime } from '@/lib/recording/playedTime';
import type { IndexRow } from '@/lib/recording/recordingIndex';

const rowsOf = (numbers: readonly number[]): IndexRow[] =>
  numbers.map((number, k) => ({
    number,
    atByte: k * 100,
    sizeBytes: 100,
    hasState: false,
    keyframesLow: 0,
    keyframesHigh: 0,
  }));

/** Segments of some takes, with breaks between them. */
const anyNumbers = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 1, max: 6 })), { minLength: 1, maxLength: 6 })
  .map((takes) => {
    let next = 0;
    return takes.flatMap(([pause, length]) => {
      const first = next + pause;
      next = first + length;
      return Array.from({ length }, (_, k) => first + k);
    });
  });

describe('the played time', () => {
  it('leaves breaks out', () => {
    const played = new PlayedTime(rowsOf([2, 3, 4, 7204, 7205]));
    expect(played.lengthMs).toBe(5000);
    expect([0, 2500, 5500, 7_204_000, 7_205_250, 9e9].map((ms) => played.playedMsOf(ms))).toEqual([
      0, 500, 3000, 3000, 4250, 5000,
    ]);
    expect([-1, 0, 2999, 3000, 4250, 9e9].map((ms) => played.recordedMsOf(ms))).toEqual([
      2000, 2000, 4999, 7_204_000, 7_205_250, 7_206_000,
    ]);
    expect(played.between(2500, 3500)).toEqual([
      { fromMs: 4500, toMs: 5000, atMs: 0 },
      { fromMs: 7_204_000, toMs: 7_204_500, atMs: 500 },
    ]);
    expect(new PlayedTime([]).lengthMs).toBe(0);
  });

  it('maps there and back, as long as there are segments, and keeps what it says as a recording grows', () => {
    fc.assert(
      fc.property(anyNumbers, fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(20), (numbers, share, more) => {
        const rows = rowsOf(numbers);
        const played = new PlayedTime(rows);
        expect(played.lengthMs).toBe(rows.length * 1000);
        const ms = Math.floor(share * (played.lengthMs - 1));
        expect(played.playedMsOf(played.recordedMsOf(ms))).toBe(ms);
        const grown = new PlayedTime(rowsOf([...numbers, numbers.at(-1)! + 1 + more]));
        expect(grown.recordedMsOf(ms)).toBe(played.recordedMsOf(ms));
        const pieces = played.between(0, played.lengthMs);
        expect(pieces).toEqual(played.stretches);
      }),
    );
  });
});
