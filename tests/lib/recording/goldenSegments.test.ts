import { describe, expect, it } from 'vitest';
import { indexRowOf, readIndex, writeIndex } from '@/lib/recording/recordingIndex';
import { openSegment, readRecords } from '@/lib/recording/segmentReader';
import { makeRecording, RECORDING_ID, voiceRun } from './recordingWorld';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const text = (letters: string) => hex(new TextEncoder().encode(letters));
const bytesOf = (...parts: string[]) => new Uint8Array(Buffer.from(parts.join('').replaceAll(' ', ''), 'hex'));

const STATE = '{"meetingId":"","title":"","consent":"notice","chapter":null,"people":[]}';

/** The first segment of a recording, field by field. */
const GOLDEN = [
  // Header.
  '50534547', // PSEG
  '01', // version
  '03', // begins a take, has a state
  '0000', // take
  'a0a1a2a3a4a5a6a7a8a9aaabacadaeaf',
  '00000000', // number
  'f2000000', // 242 bytes
  '2e8fa97c9b010000', // 2026-01-02T03:04:05.678Z
  '04000000', // tracks 1 to 3 have been used
  // State: no track, at 0 ms, 73 bytes.
  '05 00 00 49',
  text(STATE),
  // Event: 0 ms after it, 39 bytes.
  '04 00 00 27',
  text('{"kind":"takeBegan","reason":"started"}'),
  // Pose, a keyframe, of track 1, 5 ms after it, 3 bytes.
  '11 01 05 03',
  '500102',
  // Voice with marker and numbers, of track 2, 5 ms after it, 9 bytes: sequence 65530, timestamp 4000000000.
  '32 02 05 09',
  'faff 00286bee 780007',
  // Voice of track 2, 20 ms after it, 3 bytes.
  '02 02 14 03',
  '780107',
  // Screen, a whole keyframe with a number, of track 3, 170 ms after it, 8 bytes: sequence 1, timestamp 90000.
  'f3 03 aa01 08',
  '0100 905f0100 9d01',
  // Table: three tracks.
  '03',
  '01 01 01 03 616e61', // 1, pose, with a keyframe, ana
  '02 02 00 03 62656e', // 2, voice, ben
  '03 03 01 03 616e61', // 3, screen, with a keyframe, ana
  // Trailer.
  'cc000000', // the table begins at 204
  'f2000000', // 242 bytes
  '9a071863', // CRC32C
  '50454e44', // PEND
];

/** An index with one row: that segment at 4 GiB + 2. */
const GOLDEN_INDEX = [
  '50494458', // PIDX
  '01 000000', // version
  'a0a1a2a3a4a5a6a7a8a9aaabacadaeaf',
  '0000000000000000',
  '00000000', // number
  'f2000000', // 242 bytes
  '0200000001000000', // where it begins
  '0a00000000000000', // keyframes of tracks 1 and 3
  '01000000', // has a state
  'c77d7987', // CRC32C
];

describe('golden bytes of a recording', () => {
  function written() {
    const made = makeRecording();
    made.write([
      { timeMs: 5, entry: { type: 'pose', person: 'ana', bytes: Uint8Array.of(0x50, 1, 2), isKeyframe: true } },
      ...voiceRun('ben', 2, 10),
      {
        timeMs: 200,
        entry: {
          type: 'screen',
          person: 'ana',
          bytes: Uint8Array.of(0x9d, 1),
          sequence: 1,
          timestamp: 90_000,
          isFirst: true,
          isLast: true,
          isKeyframe: true,
        },
      },
    ]);
    made.writer.advance(1000);
    return made;
  }

  it('R-10: a segment is written with exactly these bytes', () => {
    expect(hex(written().segments[0]!)).toBe(hex(bytesOf(...GOLDEN)));
  });

  it('R-10: these bytes are read as what was written', () => {
    const segment = openSegment(bytesOf(...GOLDEN));
    expect(readRecords(segment).records.map(({ type, timeMs }) => `${timeMs} ${type}`)).toEqual([
      '0 state',
      '0 event',
      '5 pose',
      '10 voice',
      '30 voice',
      '200 screen',
    ]);
  });

  it('R-50: an index is written and read with exactly these bytes', () => {
    const row = indexRowOf(openSegment(bytesOf(...GOLDEN)), 0x1_0000_0002);
    const index = bytesOf(...GOLDEN_INDEX);
    expect(hex(writeIndex({ recordingId: RECORDING_ID, rows: [row] }))).toBe(hex(index));
    expect(readIndex(index)).toEqual({ recordingId: RECORDING_ID, rows: [row] });
  });
});
