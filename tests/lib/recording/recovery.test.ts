import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ByteSource, memorySource } from '@/lib/recording/byteSource';
import { EMPTY_STATE, stateAfterRecords } from '@/lib/recording/recordedState';
import { RecordingError } from '@/lib/recording/recordingError';
import { recoverRecording } from '@/lib/recording/recovery';
import { scanRecording } from '@/lib/recording/scan';
import { openSegment } from '@/lib/recording/segmentReader';
import {
  anyEntries,
  asRead,
  concat,
  entriesOf,
  makeRecording,
  RECORDING_ID,
  recordsOf,
  voiceRun,
} from './recordingWorld';

/** Ten segments. */
function tenSeconds() {
  const made = makeRecording();
  made.writer.appendEvent(0, { kind: 'recordingStarted', by: 'ana', meetingId: 'm', title: 'M', consent: 'notice' });
  made.writer.appendEvent(0, { kind: 'joined', person: 'ana', name: 'Ana', avatar: 'ada', seat: 0 });
  made.write(voiceRun('ana', 500));
  made.writer.end(9990);
  return made;
}

/** How many segments of `made` lie within its first `length` bytes. */
function wholeWithin(rows: ReadonlyArray<{ atByte: number; sizeBytes: number }>, length: number): number {
  return rows.filter(({ atByte, sizeBytes }) => atByte + sizeBytes <= length).length;
}

/** A source that counts what is read of it. */
function countedSource(bytes: Uint8Array): ByteSource & { readBytes: number } {
  const inner = memorySource(bytes);
  return {
    readBytes: 0,
    sizeBytes: bytes.length,
    read(atByte, sizeBytes) {
      this.readBytes += Math.min(sizeBytes, bytes.length - atByte);
      return inner.read(atByte, sizeBytes);
    },
  };
}

describe('recovery of a recording', () => {
  it('R-52: cut at any byte, a recording loses only the segment that was cut', async () => {
    const made = tenSeconds();
    const bytes = made.bytes();
    for (let length = made.segments[0]!.length; length <= bytes.length; length += 7) {
      const whole = wholeWithin(made.rows, length);
      const found = await recoverRecording(memorySource(bytes.subarray(0, length)), null);
      expect(found.rows).toEqual(made.rows.slice(0, whole));
      expect(found.wholeBytes).toBe(made.rows[whole - 1]!.atByte + made.rows[whole - 1]!.sizeBytes);
      expect(found.resume).toEqual({
        take: 1,
        number: whole,
        nextTrack: 2,
        state: stateAfterRecords(EMPTY_STATE, recordsOf(made.segments.slice(0, whole))),
      });
    }
  });

  it('R-52: any recording, cut anywhere and with any index, is recovered and goes on', async () => {
    await fc.assert(
      fc.asyncProperty(anyEntries(), anyEntries(), fc.nat(), fc.nat(), async (entries, more, cut, indexCut) => {
        const made = makeRecording();
        made.write(entries);
        made.writer.end(entries.at(-1)!.timeMs);
        const bytes = made.bytes();
        const least = made.segments[0]!.length;
        const length = least + (cut % (bytes.length - least + 1));
        const index = made.index();
        const found = await recoverRecording(
          memorySource(bytes.subarray(0, length)),
          index.subarray(0, indexCut % (index.length + 1)),
        );
        const whole = wholeWithin(made.rows, length);
        expect(found.rows).toEqual(made.rows.slice(0, whole));

        // Cut to what is whole and continued, it reads as one recording of two takes.
        const resumed = makeRecording({ resume: found.resume });
        const fromMs = found.resume.number * 1000;
        const later = more.map(({ timeMs, entry }) => ({ timeMs: timeMs + fromMs, entry }));
        resumed.write(later);
        resumed.writer.end(later.at(-1)!.timeMs);
        const joined = concat([bytes.subarray(0, found.wholeBytes), ...resumed.segments]);
        const scan = await scanRecording(memorySource(joined));
        expect(scan.damaged).toEqual([]);
        expect(scan.wholeBytes).toBe(joined.length);
        const segments = scan.rows.map(({ atByte, sizeBytes }) => joined.subarray(atByte, atByte + sizeBytes));
        const kept = entriesOf(made.segments.slice(0, whole));
        expect(kept).toEqual(entries.map(asRead).slice(0, kept.length));
        expect(entriesOf(segments)).toEqual([...kept, ...later.map(asRead)]);
      }),
      { numRuns: 40 },
    );
  });

  it('R-52: with an index only the end of a recording is read', async () => {
    const made = makeRecording();
    made.write(voiceRun('ana', 20 * 60 * 50));
    made.writer.end(20 * 60 * 1000);
    const bytes = made.bytes();
    // Two segments were written after the index was last.
    const index = made.index().subarray(0, -64);
    const source = countedSource(bytes.subarray(0, -1));
    const found = await recoverRecording(source, index);
    expect(found.rows).toEqual(made.rows.slice(0, -1));
    expect(source.readBytes).toBeLessThan(bytes.length / 50);
    expect(bytes.length).toBeGreaterThan(400_000);
  });

  it('R-50: an index of another recording, one that lacks a row, or one that is ahead of the recording does no harm', async () => {
    const made = tenSeconds();
    const bytes = made.bytes();
    const other = makeRecording({ recordingId: RECORDING_ID.map((byte) => byte ^ 1) });
    other.write(voiceRun('ana', 500));
    other.writer.end(9990);
    for (const index of [other.index(), other.bytes(), new Uint8Array(0), made.index().fill(7, 32, 64)]) {
      expect((await recoverRecording(memorySource(bytes), index)).rows).toEqual(made.rows);
    }
    const without = concat([made.index().subarray(0, 96), made.index().subarray(128)]);
    expect((await recoverRecording(memorySource(bytes), without)).rows).toEqual(made.rows);
    const torn = memorySource(bytes.subarray(0, made.rows[4]!.atByte + 20));
    expect((await recoverRecording(torn, made.index())).rows).toEqual(made.rows.slice(0, 4));
  });

  it('R-8: a recording that was ended says so', async () => {
    const made = tenSeconds();
    const bytes = made.bytes();
    expect((await recoverRecording(memorySource(bytes), made.index())).isEnded).toBe(true);
    expect((await recoverRecording(memorySource(bytes.subarray(0, -1)), made.index())).isEnded).toBe(false);
  });

  it('R-53: damage costs the segments it lies in and no other', async () => {
    const made = tenSeconds();
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(), { minLength: 1, maxLength: 4 }), fc.nat(255), async (places, xor) => {
        fc.pre(xor > 0);
        const bytes = made.bytes();
        const hits = new Set(places.map((place) => place % bytes.length));
        for (const at of hits) bytes[at]! ^= xor;
        const isHit = ({ atByte, sizeBytes }: { atByte: number; sizeBytes: number }) =>
          [...hits].some((at) => at >= atByte && at < atByte + sizeBytes);
        const whole = made.rows.filter((row) => !isHit(row));
        fc.pre(whole.length > 0);
        const scan = await scanRecording(memorySource(bytes));
        expect(scan.rows).toEqual(whole);
        const last = whole.at(-1)!;
        expect(scan.wholeBytes).toBe(last.atByte + last.sizeBytes);
        const damagedBytes = scan.damaged.reduce((sum, { fromByte, toByte }) => sum + toByte - fromByte, 0);
        const wholeBytes = whole.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
        expect(damagedBytes).toBe(scan.wholeBytes - wholeBytes);
      }),
    );
  });

  it('R-53: bytes that were put in, taken out or repeated cost no whole segment', async () => {
    const made = tenSeconds();
    const [a, b, c, d] = made.segments as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
    const numbers = async (...parts: Uint8Array[]) =>
      (await scanRecording(memorySource(concat(parts)))).rows.map(({ number }) => number);
    expect(await numbers(a, new Uint8Array(5000).fill(0x50), b)).toEqual([0, 1]);
    expect(await numbers(a, b.subarray(0, 100), c, d)).toEqual([0, 2, 3]);
    // What comes a second time, or too late, is left out.
    expect(await numbers(a, b, b, a, c)).toEqual([0, 1, 2]);
    const foreign = makeRecording({ recordingId: new Uint8Array(16) });
    foreign.write(voiceRun('ben', 100));
    foreign.writer.end(1990);
    expect(await numbers(a, foreign.segments[1]!, c)).toEqual([0, 2]);
  });

  it('R-53: the beginning of a segment at the edge of what is read at once is found', async () => {
    const made = tenSeconds();
    const [a, b] = made.segments as [Uint8Array, Uint8Array];
    for (const shift of [-3, -2, -1, 0, 1]) {
      const gap = new Uint8Array(1024 * 1024 + 1 + shift).fill(0xaa);
      const { rows } = await scanRecording(memorySource(concat([a, gap, b])));
      expect(rows.map(({ number }) => number)).toEqual([0, 1]);
    }
  });

  it('R-53: a file made to be searched for ever is given up', async () => {
    const made = tenSeconds();
    const fake = made.segments[0]!.slice(0, 44);
    new DataView(fake.buffer).setUint32(28, 4 * 1024 * 1024, true);
    const size = 5 * 1024 * 1024;
    const bytes = new Uint8Array(size);
    bytes.set(made.segments[0]!);
    for (let at = made.segments[0]!.length; at + 44 < size; at += 44) bytes.set(fake, at);
    const source = countedSource(bytes);
    expect((await scanRecording(source)).rows).toHaveLength(1);
    expect(source.readBytes).toBeLessThan(30 * size);
  });

  it.each<[string, Uint8Array, string]>([
    ['nothing', new Uint8Array(0), 'empty'],
    ['a text', new TextEncoder().encode('This is not a recording. '.repeat(9)), 'notARecording'],
    ['half a segment', tenSeconds().segments[0]!.subarray(0, 200), 'truncated'],
    ['a later version', tenSeconds().segments[0]!.map((byte, k) => (k === 4 ? 2 : byte)), 'unknownVersion'],
  ])('R-13: %s is no recording, with a reason', async (_, bytes, reason) => {
    await expect(recoverRecording(memorySource(bytes), null)).rejects.toThrow(RecordingError);
    await expect(recoverRecording(memorySource(bytes), null)).rejects.toThrow(expect.objectContaining({ reason }));
  });

  it('R-52: a recording whose last states are damaged goes on all the same', async () => {
    const made = tenSeconds();
    const bytes = made.bytes();
    for (const { atByte } of [made.rows[0]!, made.rows[5]!]) bytes[atByte + 60]! ^= 1;
    const { resume, rows } = await recoverRecording(memorySource(bytes), null);
    expect(rows.map(({ number }) => number)).toEqual([1, 2, 3, 4, 6, 7, 8, 9]);
    expect(resume).toEqual({ take: 1, number: 10, nextTrack: 2, state: EMPTY_STATE });
  });

  it('a source that fails is not taken for damage', async () => {
    const failing: ByteSource = { sizeBytes: 1000, read: () => Promise.reject(new Error('no network')) };
    await expect(scanRecording(failing)).rejects.toThrow('no network');
    await expect(recoverRecording(failing, tenSeconds().index())).rejects.toThrow('no network');
  });

  it('whole segments are handed on as they are found', async () => {
    const made = tenSeconds();
    const seen: number[] = [];
    await scanRecording(memorySource(made.bytes()), { onSegment: ({ number }) => seen.push(number) });
    expect(seen).toEqual(made.segments.map((bytes) => openSegment(bytes).number));
  });
});
