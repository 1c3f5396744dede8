import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32c } from '@/lib/recording/crc32c';
import { LIMITS } from '@/lib/recording/format';
import { RecordingError, type RecordingErrorReason } from '@/lib/recording/recordingError';
import { openSegment, readHeader, readRecords } from '@/lib/recording/segmentReader';
import {
  anyEntries,
  asRead,
  entriesOf,
  makeRecording,
  RECORDING_ID,
  recordsOf,
  STARTED_AT_MS,
  voiceRun,
} from './recordingWorld';

function reasonOf(read: () => unknown): RecordingErrorReason | null {
  try {
    read();
    return null;
  } catch (error) {
    expect(error).toBeInstanceOf(RecordingError);
    return (error as RecordingError).reason;
  }
}

/** A segment with a pose, a voice packet and an event. */
function someSegment(): Uint8Array {
  const made = makeRecording();
  made.write([
    { timeMs: 5, entry: { type: 'pose', person: 'ana', bytes: Uint8Array.of(0x50, 1, 2), isKeyframe: true } },
    ...voiceRun('ben', 3, 10),
    { timeMs: 90, entry: { type: 'event', event: { kind: 'chapter', title: 'One' } } },
  ]);
  made.writer.end(100);
  return made.segments[0]!;
}

/** The same bytes with a checksum that is right again. */
function sealed(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  view.setUint32(bytes.length - 8, crc32c(bytes, 0, bytes.length - 8), true);
  return bytes;
}

function changed(at: number, ...values: number[]): Uint8Array {
  const bytes = someSegment();
  bytes.set(values, at < 0 ? bytes.length + at : at);
  return bytes;
}

const read = (bytes: Uint8Array) => readRecords(openSegment(bytes));

describe('a segment', () => {
  it('R-30: what was written is what is read, in order, with its times, tracks and numbers', () => {
    fc.assert(
      fc.property(anyEntries(), (entries) => {
        const made = makeRecording();
        made.write(entries);
        made.writer.end(entries.at(-1)!.timeMs);
        expect(made.writer.drops).toEqual({ tooLarge: 0, full: 0, invalid: 0 });
        expect(entriesOf(made.segments)).toEqual(entries.map(asRead));
      }),
    );
  });

  it('R-34: packets of a microphone have their numbers only once a segment', () => {
    const made = makeRecording();
    made.write(voiceRun('ana', 300));
    made.writer.end(5990);
    // The sixth segment begins with a clock of the track, which has no numbers of packets.
    expect(entriesOf(made.segments)).toEqual(voiceRun('ana', 300));
    // Head 4 bytes, packet 3, and 6 for the numbers of the first.
    const recordBytes = made.segments.map((bytes) => openSegment(bytes).tableAt);
    expect(recordBytes[1]! - 44).toBe(50 * 7 + 6);
  });

  it('R-34: a wrapped timestamp, a gap and a repetition are read as they were', () => {
    const made = makeRecording();
    const packets = voiceRun('ana', 8, 0, 2 ** 32 - 3 * 960);
    const unruly = [packets[0]!, packets[1]!, packets[4]!, packets[4]!, packets[3]!, packets[7]!];
    made.write(unruly.map(({ entry }, k) => ({ timeMs: k, entry })));
    made.writer.end(10);
    expect(entriesOf(made.segments).map(({ entry }) => entry)).toEqual(unruly.map(({ entry }) => entry));
  });

  it('R-10: the header says recording, number, take, length and wall clock', () => {
    const made = makeRecording();
    made.writer.advance(0);
    made.writer.advance(7250);
    made.writer.end(7300);
    const headers = made.segments.map(readHeader);
    expect(headers.map(({ number }) => number)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(headers[7]).toEqual({
      recordingId: RECORDING_ID,
      number: 7,
      take: 0,
      beginsTake: false,
      hasState: false,
      isLast: true,
      sizeBytes: made.segments[7]!.length,
      wallMs: STARTED_AT_MS + 7000,
      nextTrack: 1,
    });
    expect(headers[0]).toMatchObject({ beginsTake: true, hasState: true, isLast: false });
  });

  it('R-21: the table lists the tracks of the segment, with whose they are', () => {
    const { tracks } = openSegment(someSegment());
    expect([...tracks.values()]).toEqual([
      { id: 1, kind: 'pose', personId: 'ana', hasKeyframe: true },
      { id: 2, kind: 'voice', personId: 'ben', hasKeyframe: false },
    ]);
  });

  it('R-21: a segment without records has an empty table', () => {
    const made = makeRecording();
    made.writer.advance(0);
    made.writer.end(1500);
    expect(made.segments[1]).toHaveLength(44 + 1 + 16);
    expect(openSegment(made.segments[1]!).tracks.size).toBe(0);
  });

  it.each<[string, RecordingErrorReason, Uint8Array]>([
    ['nothing', 'truncated', new Uint8Array(0)],
    ['half a header', 'truncated', someSegment().subarray(0, 30)],
    ['the last byte missing', 'truncated', someSegment().subarray(0, -1)],
    ['another beginning', 'notARecording', changed(0, 0x51)],
    ['a later version', 'unknownVersion', changed(4, 2)],
    ['a length over 4 MiB', 'tooLarge', changed(28, 1, 0, 0x40, 0)],
    ['a length below that of an empty segment', 'malformed', changed(28, 60, 0, 0, 0)],
    ['a wall clock that is no number', 'malformed', changed(36, 0, 0, 0x20, 0)],
    ['a number beyond 24 days', 'malformed', changed(24, 0, 0, 0x21, 0)],
    ['another end', 'truncated', changed(-1, 0x45)],
    ['two lengths', 'truncated', changed(-12, 1)],
    ['a changed byte', 'checksum', changed(50, 0xff)],
    ['a table within the header', 'malformed', sealed(changed(-16, 43, 0, 0, 0))],
    ['a table within the trailer', 'malformed', sealed(changed(-16, ...[0xff, 0xff, 0, 0]))],
  ])('R-13: with %s a segment is refused: %s', (_, reason, bytes) => {
    expect(reasonOf(() => read(bytes))).toBe(reason);
  });

  it('R-13: every byte of a segment is guarded', () => {
    const good = someSegment();
    for (let at = 0; at < good.length; at += 1) {
      const bytes = good.slice();
      bytes[at]! ^= 1 << (at % 8);
      expect(
        reasonOf(() => openSegment(bytes)),
        `byte ${at}`,
      ).not.toBeNull();
    }
  });

  it('R-13: a segment cut anywhere is truncated', () => {
    const good = someSegment();
    for (let length = 0; length < good.length; length += 1) {
      expect(reasonOf(() => openSegment(good.subarray(0, length)))).toBe('truncated');
    }
  });

  it('R-10: bytes after a segment do not belong to it', () => {
    const good = someSegment();
    const longer = new Uint8Array(good.length + 100).fill(0x50);
    longer.set(good);
    expect(openSegment(longer).bytes).toEqual(good);
    expect(read(longer)).toEqual(read(good));
  });

  describe('records that break the rules', () => {
    /** A segment with one record of these bytes. */
    function withRecord(...record: number[]): Uint8Array {
      const made = makeRecording();
      const { writer } = made;
      writer.appendPose(writer.trackOf('pose', 'ana', 'e1'), 0, Uint8Array.of(1), true);
      writer.appendVoice(writer.trackOf('voice', 'ana', 'e1'), 0, Uint8Array.of(1), 0, 0, false);
      writer.appendFragment(writer.trackOf('screen', 'ana', 'e1'), 0, Uint8Array.of(1), 0, 0, {
        isFirst: true,
        isLast: true,
        isKeyframe: true,
      });
      writer.end(0);
      const { bytes, tableAt } = openSegment(made.segments[0]!);
      const tail = bytes.subarray(tableAt);
      const made2 = new Uint8Array(44 + record.length + tail.length);
      made2.set(bytes.subarray(0, 44));
      made2.set(record, 44);
      made2.set(tail, 44 + record.length);
      const view = new DataView(made2.buffer);
      view.setUint32(28, made2.length, true);
      view.setUint32(made2.length - 12, made2.length, true);
      view.setUint32(made2.length - 16, 44 + record.length, true);
      return sealed(made2);
    }

    it.each<[string, number[]]>([
      ['a pose of a track that is not listed', [1, 9, 0, 1, 0]],
      ['a pose on the track of a voice', [1, 2, 0, 1, 0]],
      ['an empty pose', [1, 1, 0, 0]],
      ['a payload beyond the table', [1, 1, 0, 50, 0]],
      ['a time beyond the second', [1, 1, 0xe8, 0x07, 1, 0]],
      ['a varint longer than it must be', [1, 0x81, 0x00, 0, 1, 0]],
      ['a varint of four bytes', [1, 1, 0, 0x81, 0x80, 0x80, 0x01, 0]],
      ['a head that is cut off', [1, 1]],
      ['a first voice packet without numbers', [2, 2, 0, 1, 0]],
      ['a voice packet whose numbers are cut off', [0x22, 2, 0, 4, 0, 0, 0, 0]],
      ['a voice packet of nothing but numbers', [0x22, 2, 0, 6, 0, 0, 0, 0, 0, 0]],
      ['a first fragment without a number', [0x13, 3, 0, 5, 0, 0, 0, 0, 0]],
      ['a fragment whose timestamp is cut off', [0x93, 3, 0, 4, 0, 0, 0, 0]],
      ['a clock with too many bytes', [6, 1, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
      ['an empty event', [4, 0, 0, 0]],
    ])('R-13: %s is malformed', (_, record) => {
      expect(reasonOf(() => read(withRecord(...record)))).toBe('malformed');
    });

    it('R-31: records of unknown types, and clocks of unknown tracks, are skipped and counted', () => {
      const bytes = withRecord(0xff, 0x85, 0x01, 3, 2, 8, 8, 6, 77, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 4, 1, 9);
      const { records, unknown, invalid } = read(bytes);
      expect({ unknown, invalid }).toEqual({ unknown: 2, invalid: 0 });
      expect(records).toMatchObject([{ type: 'pose', timeMs: 7, bytes: Uint8Array.of(9) }]);
    });

    const json = (value: unknown) => {
      const letters = [...new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value))];
      return [4, 0, 0, letters.length, ...letters];
    };

    it('R-40: events of unknown kinds are skipped, and so are events against the rules', () => {
      const bytes = withRecord(
        ...json({ kind: 'danced', person: 'ana' }),
        ...json({ kind: 'hand', person: 'ana', isRaised: 'yes' }),
        ...json({ kind: 'hand', person: 'a b', isRaised: true }),
        ...json('{"kind":'),
        ...json([]),
        ...json({ kind: 'hand', person: 'ana', isRaised: true, since: 4 }),
      );
      const { records, unknown, invalid } = read(bytes);
      expect({ unknown, invalid }).toEqual({ unknown: 1, invalid: 4 });
      expect(records).toEqual([{ type: 'event', timeMs: 0, event: { kind: 'hand', person: 'ana', isRaised: true } }]);
    });

    it('R-45: a state against the rules is skipped', () => {
      const state = json({ meetingId: 'm', title: '', consent: 'notice', chapter: null, people: [{}] });
      expect(read(withRecord(5, ...state.slice(1)))).toEqual({ records: [], unknown: 0, invalid: 1 });
    });

    it('R-4: more records than a segment may have are refused', () => {
      const one = [0x0f, 0, 0, 0];
      const most = Array.from({ length: LIMITS.records }, () => one).flat();
      expect(read(withRecord(...most)).unknown).toBe(LIMITS.records);
      expect(reasonOf(() => read(withRecord(...most, ...one)))).toBe('tooLarge');
    });
  });

  it('R-21: tracks of unknown kinds are left out, and their records skipped', () => {
    const bytes = someSegment();
    const { tableAt } = openSegment(bytes);
    bytes[tableAt + 2] = 9;
    expect([...openSegment(sealed(bytes)).tracks.keys()]).toEqual([2]);
    // A pose on a track of another kind is against the rules all the same.
    expect(reasonOf(() => read(bytes))).toBe('malformed');
  });

  it.each<[string, number, number]>([
    ['ids that do not grow', 7, 1],
    ['an id of 0', 1, 0],
    ['a person without letters', 4, 0],
    ['a person with a blank', 5, 0x20],
  ])('R-21: a table with %s is malformed', (_, at, value) => {
    const bytes = someSegment();
    bytes[openSegment(bytes).tableAt + at] = value;
    expect(reasonOf(() => openSegment(sealed(bytes)))).toBe('malformed');
  });

  it('what is read refers to the segment and copies nothing', () => {
    const bytes = someSegment();
    for (const record of recordsOf([bytes])) if ('bytes' in record) expect(record.bytes.buffer).toBe(bytes.buffer);
  });
});
