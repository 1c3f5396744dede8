import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecordingError } from '@/lib/recording/recordingError';
import {
  type IndexRow,
  indexHeader,
  indexRowOf,
  mayHaveKeyframe,
  readIndex,
  startMsOf,
  writeIndex,
  writeIndexRow,
} from '@/lib/recording/recordingIndex';
import { openSegment } from '@/lib/recording/segmentReader';
import { anyEntries, concat, makeRecording, RECORDING_ID } from './recordingWorld';

const bits = fc.nat(2 ** 32 - 1);
const anyRows: fc.Arbitrary<IndexRow[]> = fc
  .array(
    fc.record({
      skipped: fc.nat(3),
      gapBytes: fc.oneof(fc.constant(0), fc.nat(2 ** 34)),
      sizeBytes: fc.integer({ min: 61, max: 4 * 1024 * 1024 }),
      hasState: fc.boolean(),
      keyframesLow: bits,
      keyframesHigh: bits,
    }),
    { maxLength: 20 },
  )
  .map((list) => {
    let number = -1;
    let atByte = 0;
    return list.map(({ skipped, gapBytes, ...row }) => {
      number += 1 + skipped;
      atByte += gapBytes;
      const made = { number, atByte, ...row };
      atByte += row.sizeBytes;
      return made;
    });
  });

describe('an index', () => {
  it('R-50: rows that were written, together or one by one, are read', () => {
    fc.assert(
      fc.property(anyRows, (rows) => {
        const whole = writeIndex({ recordingId: RECORDING_ID, rows });
        expect(concat([indexHeader(RECORDING_ID), ...rows.map(writeIndexRow)])).toEqual(whole);
        expect(readIndex(whole)).toEqual({ recordingId: RECORDING_ID, rows });
      }),
    );
  });

  it('R-50: cut anywhere, an index has all rows that are whole', () => {
    fc.assert(
      fc.property(anyRows, fc.nat(), (rows, cut) => {
        const whole = writeIndex({ recordingId: RECORDING_ID, rows });
        const length = 32 + (cut % (whole.length - 31));
        expect(readIndex(whole.subarray(0, length)).rows).toEqual(rows.slice(0, Math.floor((length - 32) / 32)));
      }),
    );
  });

  it('R-50: an index ends before the row in which a bit is wrong', () => {
    fc.assert(
      fc.property(anyRows, fc.nat(), fc.nat(7), (rows, place, bit) => {
        fc.pre(rows.length > 0);
        const whole = writeIndex({ recordingId: RECORDING_ID, rows });
        const at = 32 + (place % (whole.length - 32));
        whole[at]! ^= 1 << bit;
        expect(readIndex(whole).rows).toEqual(rows.slice(0, Math.floor((at - 32) / 32)));
      }),
    );
  });

  it.each<[string, Partial<IndexRow>]>([
    ['a number that does not grow', { number: 5 }],
    ['a place within the segment before', { atByte: 1099 }],
    ['a segment that is too short', { sizeBytes: 60 }],
    ['a segment that is too long', { sizeBytes: 4 * 1024 * 1024 + 1 }],
  ])('R-50: an index ends before a row with %s', (_, change) => {
    const first = { number: 5, atByte: 1000, sizeBytes: 100, hasState: false, keyframesLow: 0, keyframesHigh: 0 };
    const second = { ...first, number: 6, atByte: 1100 };
    expect(readIndex(writeIndex({ recordingId: RECORDING_ID, rows: [first, second] })).rows).toHaveLength(2);
    const rows = [first, { ...second, ...change }, { ...second, number: 9, atByte: 2 ** 30 }];
    expect(readIndex(writeIndex({ recordingId: RECORDING_ID, rows })).rows).toEqual([first]);
  });

  it.each<[string, Uint8Array, string]>([
    ['nothing', new Uint8Array(0), 'truncated'],
    ['half a header', indexHeader(RECORDING_ID).subarray(0, 31), 'truncated'],
    ['a segment', concat([Uint8Array.of(0x50, 0x53, 0x45, 0x47), new Uint8Array(60)]), 'notARecording'],
    [
      'a later version',
      Uint8Array.from(indexHeader(RECORDING_ID), (byte, k) => (k === 4 ? 2 : byte)),
      'unknownVersion',
    ],
  ])('R-50: %s is no index', (_, bytes, reason) => {
    expect(() => readIndex(bytes)).toThrow(RecordingError);
    expect(() => readIndex(bytes)).toThrow(expect.objectContaining({ reason }));
  });

  it('R-50: the rows that a writer hands on are those that its segments give', () => {
    fc.assert(
      fc.property(anyEntries(), (entries) => {
        const made = makeRecording();
        made.write(entries);
        made.writer.end(entries.at(-1)!.timeMs);
        let atByte = 0;
        const rows = made.segments.map((bytes) => {
          const row = indexRowOf(openSegment(bytes), atByte);
          atByte += bytes.length;
          return row;
        });
        expect(made.rows).toEqual(rows);
      }),
    );
  });

  it('R-51: a keyframe sets the bit of its track, a voice none', () => {
    const made = makeRecording();
    const { writer } = made;
    for (let k = 0; k < 70; k += 1) {
      const kind = k % 2 ? 'voice' : 'pose';
      const track = writer.trackOf(kind, `p${k}`, 'e1');
      if (kind === 'voice') writer.appendVoice(track, 0, Uint8Array.of(1), k, k, true);
      else writer.appendPose(track, 0, Uint8Array.of(1), k !== 4);
    }
    writer.end(0);
    const row = made.rows[0]!;
    const marked = Array.from({ length: 70 }, (_, k) => k + 1).filter((id) => mayHaveKeyframe(row, id));
    // Poses have the odd ids; of 65 and 1 one is enough. The pose of id 5 was no keyframe, but that of 69 was.
    expect(marked).toEqual(Array.from({ length: 35 }, (_, k) => 2 * k + 1));
    expect(startMsOf({ number: 12 })).toBe(12_000);
  });
});
