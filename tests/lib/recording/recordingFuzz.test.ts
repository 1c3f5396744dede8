import { describe, expect, it } from 'vitest';
import { openSegment } from '@/lib/recording/segmentReader';
import { FuzzFailure } from '@/tests/fuzz/fuzzFailure';
import { fuzzRecording, type RecordingTarget } from '@/tests/fuzz/recordingFuzz';

const fuzz = (target: RecordingTarget, bytes: number, open?: typeof openSegment) =>
  fuzzRecording({ target, seed: 2026, bytes, open });

describe('reading damaged recordings', () => {
  it('R-13: damaged segments are read or refused with a reason, and nothing outside them is read', async () => {
    const report = await fuzz('segment', 1_000_000);
    expect(report.read).toBeGreaterThan(report.cases / 10);
    for (const reason of [
      'truncated',
      'notARecording',
      'unknownVersion',
      'checksum',
      'malformed',
      'tooLarge',
    ] as const) {
      expect(report.refused[reason], reason).toBeGreaterThan(0);
    }
  });

  it('R-50: damaged indexes are read up to the damage, and do no harm to what is recovered', async () => {
    const report = await fuzz('index', 100_000);
    expect(report.read).toBeGreaterThan(report.cases / 3);
  });

  it('R-53: damaged recordings are recovered with all their whole segments', async () => {
    const report = await fuzz('recovery', 1_500_000);
    expect(report.read).toBeGreaterThan(report.cases / 3);
    expect(Object.keys(report.refused)).not.toHaveLength(0);
  });

  it('the fuzzer of recordings repeats itself for the same seed', async () => {
    expect(await fuzz('segment', 50_000)).toEqual(await fuzz('segment', 50_000));
  });

  it.each<readonly [string, RegExp, typeof openSegment]>([
    [
      'a throw',
      /the reader threw: .*boom/,
      (bytes) => {
        if (bytes.length < 200) throw new Error('boom');
        return openSegment(bytes);
      },
    ],
    [
      'reading outside',
      /what lies around a segment/,
      (bytes) => ({ ...openSegment(bytes), nextTrack: new Uint8Array(bytes.buffer)[bytes.byteOffset - 1]! }),
    ],
    [
      'a record of another second',
      /a record that can't be: time/,
      (bytes) => {
        let looks = 0;
        const number = () => {
          looks += 1;
          return looks;
        };
        return Object.defineProperty({ ...openSegment(bytes) }, 'number', { get: number });
      },
    ],
  ])('the fuzzer of recordings would find %s', async (_, message, open) => {
    await expect(fuzz('segment', 200_000, open)).rejects.toThrow(message);
    await expect(fuzz('segment', 200_000, open)).rejects.toThrow(FuzzFailure);
  });
});
