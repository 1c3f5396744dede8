import { describe, expect, it } from 'vitest';
import type { IndexRow } from '@/lib/recording/recordingIndex';
import { keyframeRow, planSeek } from '@/lib/recording/seekPlan';

/** Rows of 100 bytes, with a state every five; `missing` numbers are left out. */
function rowsOf(count: number, missing: readonly number[] = [], keyframes: Readonly<Record<number, number>> = {}) {
  const rows: IndexRow[] = [];
  for (let number = 0; number < count; number += 1) {
    if (missing.includes(number)) continue;
    const keyframesLow = keyframes[number] ?? 0;
    const hasState = number % 5 === 0;
    rows.push({ number, atByte: 100 * rows.length, sizeBytes: 100, hasState, keyframesLow, keyframesHigh: 0 });
  }
  return rows;
}

const numbers = (timeMs: number, rows: readonly IndexRow[]) => planSeek(rows, timeMs)?.rows.map(({ number }) => number);

describe('the plan of a seek', () => {
  it('R-60: it reads six seconds back, one range of bytes, and voices 80 ms back', () => {
    expect(numbers(30_500, rowsOf(60))).toEqual([24, 25, 26, 27, 28, 29, 30]);
    expect(planSeek(rowsOf(60), 30_500)).toMatchObject({ fromByte: 2400, toByte: 3100, voicesFromMs: 30_420 });
  });

  it('R-60: a state is always among what is read', () => {
    for (let timeMs = 0; timeMs < 60_000; timeMs += 333) {
      expect(planSeek(rowsOf(60), timeMs)!.rows.some(({ hasState }) => hasState)).toBe(true);
    }
  });

  it('R-60: where the segments with a state are lost, it reads further back for one, but not without end', () => {
    expect(numbers(21_000, rowsOf(60, [15, 20]))).toEqual([10, 11, 12, 13, 14, 16, 17, 18, 19, 21]);
    expect(numbers(29_000, rowsOf(60, [15, 20, 25]))).toEqual([23, 24, 26, 27, 28, 29]);
  });

  it('R-60: near the start it begins there, and beyond the end it shows the end', () => {
    expect(numbers(0, rowsOf(60))).toEqual([0]);
    expect(planSeek(rowsOf(60), 20)?.voicesFromMs).toBe(0);
    expect(numbers(-50, rowsOf(60))).toEqual([0]);
    expect(numbers(3000, rowsOf(60))).toEqual([0, 1, 2, 3]);
    expect(numbers(90_000, rowsOf(60))).toEqual([54, 55, 56, 57, 58, 59]);
    expect(planSeek([], 0)).toBeNull();
  });

  it('R-60: between two takes it shows the end of the first', () => {
    const gap = Array.from({ length: 40 }, (_, k) => 10 + k);
    expect(numbers(30_000, rowsOf(60, gap))).toEqual([4, 5, 6, 7, 8, 9]);
    expect(planSeek(rowsOf(60, gap), 30_000)?.voicesFromMs).toBe(9920);
    expect(numbers(50_200, rowsOf(60, gap))).toEqual([50]);
  });

  it('R-61: the last keyframe of a screen is found, if it is not too far back', () => {
    const rows = rowsOf(60, [], { 7: 0b1000, 20: 0b1001, 21: 0b0001 });
    const number = (timeMs: number, reachMs: number) => keyframeRow(rows, 3, timeMs, reachMs)?.number;
    expect(number(30_000, 60_000)).toBe(20);
    expect(number(20_000, 60_000)).toBe(20);
    expect(number(19_999, 60_000)).toBe(7);
    expect(number(30_000, 5_000)).toBeUndefined();
    expect(keyframeRow(rows, 9, 30_000, 60_000)).toBeNull();
  });
});
