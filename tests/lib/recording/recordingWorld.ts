import fc from 'fast-check';
import type { RecordedEvent } from '@/lib/recording/events';
import { type IndexRow, writeIndex } from '@/lib/recording/recordingIndex';
import { RecordingWriter, type RecordingWriterParts } from '@/lib/recording/recordingWriter';
import { openSegment, readRecords, type SegmentRecord } from '@/lib/recording/segmentReader';

export const RECORDING_ID = Uint8Array.from({ length: 16 }, (_, k) => 0xa0 + k);
/** 2026-01-02T03:04:05.678Z. */
export const STARTED_AT_MS = 1_767_323_045_678;

/** One thing to write. */
type Entry =
  | { readonly type: 'pose'; readonly person: string; readonly bytes: Uint8Array; readonly isKeyframe: boolean }
  | {
      readonly type: 'voice';
      readonly person: string;
      readonly bytes: Uint8Array;
      readonly sequence: number;
      readonly timestamp: number;
      readonly hasMarker: boolean;
    }
  | {
      readonly type: 'screen';
      readonly person: string;
      readonly bytes: Uint8Array;
      readonly sequence: number;
      readonly timestamp: number;
      readonly isFirst: boolean;
      readonly isLast: boolean;
      readonly isKeyframe: boolean;
    }
  | { readonly type: 'event'; readonly event: RecordedEvent };

export interface TimedEntry {
  readonly timeMs: number;
  readonly entry: Entry;
}

const person = fc.constantFrom('ana', 'ben', 'cy');
const payload = (maxLength: number) => fc.uint8Array({ minLength: 1, maxLength });
const sequence = fc.oneof(fc.constantFrom(0, 1, 65_535), fc.nat(65_535));
const timestamp = fc.oneof(fc.constantFrom(0, 960, 2 ** 32 - 1, 2 ** 32 - 960), fc.nat(2 ** 32 - 1));
const flag = fc.boolean();

/** Any event of a meeting. */
const anyEvent: fc.Arbitrary<RecordedEvent> = fc.oneof(
  fc.record({
    kind: fc.constant('joined' as const),
    person,
    name: fc.string(),
    avatar: fc.constant('ada'),
    seat: fc.nat(15),
  }),
  fc.record({ kind: fc.constant('left' as const), person, reason: fc.constant('left') }),
  fc.record({ kind: fc.constant('seat' as const), person, seat: fc.option(fc.nat(15)) }),
  fc.record({ kind: fc.constant('name' as const), person, name: fc.string({ unit: 'binary' }) }),
  fc.record({ kind: fc.constant('appearance' as const), person, avatar: fc.constant('noor') }),
  fc.record({ kind: fc.constant('speaking' as const), person, isSpeaking: flag }),
  fc.record({ kind: fc.constant('hand' as const), person, isRaised: flag }),
  fc.record({ kind: fc.constant('reaction' as const), person, reaction: fc.constant('👏') }),
  fc.record({ kind: fc.constant('chat' as const), person, text: fc.string({ unit: 'grapheme' }) }),
  fc.record({ kind: fc.constant('screen' as const), person, track: fc.option(fc.integer({ min: 1, max: 16_383 })) }),
  fc.record({ kind: fc.constant('consent' as const), person, isGiven: flag }),
  fc.record({ kind: fc.constant('chapter' as const), title: fc.string() }),
);

const anyEntry: fc.Arbitrary<Entry> = fc.oneof(
  fc.record({ type: fc.constant('pose' as const), person, bytes: payload(300), isKeyframe: flag }),
  fc.record({ type: fc.constant('voice' as const), person, bytes: payload(200), sequence, timestamp, hasMarker: flag }),
  fc.record({
    type: fc.constant('screen' as const),
    person,
    bytes: payload(1500),
    sequence,
    timestamp,
    isFirst: flag,
    isLast: flag,
    isKeyframe: flag,
  }),
  fc.record({ type: fc.constant('event' as const), event: anyEvent }),
);

/** Things to write in the order of time, with pauses of up to `pauseMaxMs`. */
export function anyEntries(pauseMaxMs = 700, maxLength = 60): fc.Arbitrary<TimedEntry[]> {
  const timed = fc.record({ pauseMs: fc.oneof(fc.nat(20), fc.nat(pauseMaxMs)), entry: anyEntry });
  return fc.array(timed, { minLength: 1, maxLength }).map((list) => {
    let timeMs = 0;
    return list.map(({ pauseMs, entry }) => {
      timeMs += pauseMs;
      return { timeMs, entry };
    });
  });
}

/** Packets that follow each other as those of a microphone do. */
export function voiceRun(personId: string, count: number, fromMs = 0, stampFrom = 4_000_000_000): TimedEntry[] {
  return Array.from({ length: count }, (_, k) => ({
    timeMs: fromMs + 20 * k,
    entry: {
      type: 'voice' as const,
      person: personId,
      bytes: Uint8Array.of(0x78, k & 255, 7),
      sequence: (65_530 + k) & 0xffff,
      timestamp: (stampFrom + 960 * k) % 2 ** 32,
      hasMarker: k === 0,
    },
  }));
}

/** A recording in memory. */
export interface MadeRecording {
  readonly writer: RecordingWriter;
  /** The segments, each a copy. */
  readonly segments: Uint8Array[];
  readonly rows: IndexRow[];
  /** All segments one after the other. */
  bytes(): Uint8Array;
  index(): Uint8Array;
  write(entries: readonly TimedEntry[]): void;
}

function append(writer: RecordingWriter, timeMs: number, entry: Entry): boolean {
  if (entry.type === 'event') return writer.appendEvent(timeMs, entry.event);
  const track = writer.trackOf(entry.type, entry.person, 'e1');
  if (entry.type === 'pose') return writer.appendPose(track, timeMs, entry.bytes, entry.isKeyframe);
  const { bytes, sequence: number, timestamp: stamp } = entry;
  if (entry.type === 'voice') return writer.appendVoice(track, timeMs, bytes, number, stamp, entry.hasMarker);
  return writer.appendFragment(track, timeMs, bytes, number, stamp, entry);
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** A writer whose segments are kept. */
export function makeRecording(parts: Partial<RecordingWriterParts> = {}): MadeRecording {
  const segments: Uint8Array[] = [];
  const rows: IndexRow[] = [];
  let atByte = 0;
  const writer = new RecordingWriter({
    recordingId: RECORDING_ID,
    startedAtMs: STARTED_AT_MS,
    onSegment: (segment) => {
      const { number, sizeBytes, hasState, keyframesLow, keyframesHigh } = segment;
      rows.push({ number, atByte, sizeBytes, hasState, keyframesLow, keyframesHigh });
      segments.push(segment.bytes.slice());
      atByte += sizeBytes;
    },
    ...parts,
  });
  return {
    writer,
    segments,
    rows,
    bytes: () => concat(segments),
    index: () => writeIndex({ recordingId: RECORDING_ID, rows }),
    write: (entries) => {
      for (const { timeMs, entry } of entries) append(writer, timeMs, entry);
    },
  };
}

/** Everything in some segments, in order. */
export function recordsOf(segments: readonly Uint8Array[]): SegmentRecord[] {
  return segments.flatMap((bytes) => [...readRecords(openSegment(bytes)).records]);
}

/** A record as an entry, to be compared with what was written; null for what the writer adds by itself. */
function entryOf(record: SegmentRecord): TimedEntry | null {
  const { timeMs } = record;
  switch (record.type) {
    case 'pose': {
      const { bytes, isKeyframe } = record;
      return { timeMs, entry: { type: 'pose', person: record.track.personId, bytes, isKeyframe } };
    }
    case 'voice': {
      const { bytes, sequence: number, timestamp: stamp, hasMarker } = record;
      const numbers = { sequence: number, timestamp: stamp, hasMarker };
      return { timeMs, entry: { type: 'voice', person: record.track.personId, bytes, ...numbers } };
    }
    case 'screen': {
      const { bytes, sequence: number, isFirst, isLast, isKeyframe } = record;
      const numbers = { sequence: number, timestamp: record.timestamp ?? 0, isFirst, isLast, isKeyframe };
      return { timeMs, entry: { type: 'screen', person: record.track.personId, bytes, ...numbers } };
    }
    case 'event':
      return record.event.kind === 'takeBegan' ? null : { timeMs, entry: { type: 'event', event: record.event } };
    default:
      return null;
  }
}

/** What was read, as {@link entryOf} says it. */
export function entriesOf(segments: readonly Uint8Array[]): TimedEntry[] {
  return recordsOf(segments).flatMap((record) => entryOf(record) ?? []);
}

/** An entry without what is not written: the timestamp of later fragments. */
export function asRead({ timeMs, entry }: TimedEntry): TimedEntry {
  return entry.type === 'screen' && !entry.isFirst ? { timeMs, entry: { ...entry, timestamp: 0 } } : { timeMs, entry };
}
