import { describe, expect, it } from 'vitest';
import { ARKIT_COUNT, ARKIT_INDEX, type ArkitBlendshape } from '@/lib/pose/arkit';
import { createPose, FACE_OFFSET, GAZE_OFFSET } from '@/lib/pose/pose';
import { createFaceTake, readNpyTable } from '@/tools/bench/motion/liveLinkFace';
import { npyOf } from './npyOf';

const COLUMNS = 61;

/** A take of `rows` in which column `column` rises by a tenth per row. */
const ramp = (column: number, rows = 8) =>
  npyOf(
    Array.from({ length: rows }, (_, row) => Array.from({ length: COLUMNS }, (_, k) => (k === column ? row / 10 : 0))),
  );

function weightsAt(take: Uint8Array, seconds: number): Map<string, number> {
  const pose = createPose();
  createFaceTake(take).pose(seconds, pose);
  const shapes = Object.entries(ARKIT_INDEX).map(
    ([shape, index]) => [shape, pose.values[FACE_OFFSET + index]!] as const,
  );
  return new Map(shapes.filter(([, weight]) => weight !== 0));
}

describe('a take of Live Link Face', () => {
  it.each<readonly [number, ArkitBlendshape]>([
    [0, 'eyeBlinkLeft'],
    [6, 'eyeWideLeft'],
    [7, 'eyeBlinkRight'],
    [17, 'jawOpen'],
    [23, 'mouthSmileLeft'],
    [43, 'browInnerUp'],
    [51, 'tongueOut'],
  ])('column %i of a face take is %s', (column, shape) => {
    const weights = weightsAt(ramp(column), 3 / 60);
    expect([...weights.keys()]).toEqual([shape]);
    expect(weights.get(shape)).toBeCloseTo(0.3, 5);
  });

  it('every shape has one column of a face take', () => {
    const shapes = Array.from({ length: ARKIT_COUNT }, (_, column) => [...weightsAt(ramp(column), 1 / 60).keys()]);
    expect(new Set(shapes.flat()).size).toBe(ARKIT_COUNT);
  });

  it('a face take plays forwards and backwards and interpolates between rows', () => {
    const jawAt = (seconds: number) => weightsAt(ramp(17), seconds).get('jawOpen') ?? 0;
    expect(jawAt(2.5 / 60)).toBeCloseTo(0.25, 5);
    expect(jawAt(7 / 60)).toBeCloseTo(0.7, 5);
    expect(jawAt(9 / 60)).toBeCloseTo(0.5, 5);
    expect(jawAt(14 / 60)).toBeCloseTo(0, 5);
  });

  it('a face take looks left and up when its eyes do', () => {
    const pose = createPose();
    const eyes = Array.from({ length: COLUMNS }, (_, k) =>
      k === 55 || k === 58 ? -0.2 : k === 56 || k === 59 ? -0.1 : 0,
    );
    createFaceTake(npyOf([eyes, eyes])).pose(0, pose);
    expect(pose.values[GAZE_OFFSET]).toBeCloseTo(0.2, 5);
    expect(pose.values[GAZE_OFFSET + 1]).toBeCloseTo(0.1, 5);
  });

  it('a face take with other columns, another type or an early end is refused', () => {
    expect(() => createFaceTake(npyOf([[1, 2, 3]]))).toThrow(/61 columns/);
    expect(() => readNpyTable(Uint8Array.from([1, 2, 3]))).toThrow(/NumPy/);
    const good = ramp(0);
    expect(() => readNpyTable(good.subarray(0, good.length - 4))).toThrow(/ends before/);
    const integers = Buffer.from(Buffer.from(good).toString('latin1').replace('<f4', '<i4'), 'latin1');
    expect(() => readNpyTable(integers)).toThrow(/float32/);
  });
});
