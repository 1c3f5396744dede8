import { isDeepStrictEqual } from 'node:util';
import { memorySource } from '@/lib/recording/byteSource';
import { crc32c } from '@/lib/recording/crc32c';
import { LIMITS, SEGMENT_MS } from '@/lib/recording/format';
import { RecordingError, type RecordingErrorReason } from '@/lib/recording/recordingError';
import { type IndexRow, readIndex, writeIndex } from '@/lib/recording/recordingIndex';
import { recoverRecording } from '@/lib/recording/recovery';
import { scanRecording } from '@/lib/recording/scan';
import { planSeek } from '@/lib/recording/seekPlan';
import { type OpenSegment, openSegment, readRecords, type SegmentRecord } from '@/lib/recording/segmentReader';
import { readTimeline } from '@/lib/recording/timeline';
import { seededRandom } from '@/tools/seededRandom';
import { ByteMutator } from './byteMutator';
import { FuzzFailure } from './fuzzFailure';
import { type RecordingTape, recordRecording } from './recordingTape';

/** What is given damaged bytes: the reader of segments, that of an index, and recovery of a whole recording. */
export type RecordingTarget = 'segment' | 'index' | 'recovery';

/** Options of a run. */
export interface RecordingFuzzOptions {
  readonly target: RecordingTarget;
  readonly seed: number;
  /** Damaged bytes to read in total. */
  readonly bytes: number;
  /** First session; a failure names its session. */
  readonly firstSession?: number;
  /** Called after every session. */
  readonly onSession?: (report: RecordingFuzzReport) => void;
  /** Opens a segment; another one only in tests of the fuzzer. */
  readonly open?: (bytes: Uint8Array) => OpenSegment;
}

/** Counts of a run so far. */
export interface RecordingFuzzReport {
  readonly target: RecordingTarget;
  readonly sessions: number;
  readonly cases: number;
  readonly bytes: number;
  /** Cases that were read although they were damaged, or of which something was found. */
  readonly read: number;
  readonly refused: Readonly<Partial<Record<RecordingErrorReason, number>>>;
}

const CASES_A_TAPE = 24;
/** Share of damaged segments and rows whose checksum is made right again, so that their fields are read. */
const SEALED_SHARE = 0.7;
/** Bytes around what is read, so that reading outside shows in the result. */
const MARGIN_BYTES = 64;

type Counts = { -readonly [Key in keyof RecordingFuzzReport]: RecordingFuzzReport[Key] } & {
  refused: Partial<Record<RecordingErrorReason, number>>;
};

/** A copy of `bytes` in a larger buffer full of `filler`. */
function within(bytes: Uint8Array, filler: number): Uint8Array {
  const buffer = new Uint8Array(bytes.length + 2 * MARGIN_BYTES).fill(filler);
  buffer.set(bytes, MARGIN_BYTES);
  return buffer.subarray(MARGIN_BYTES, MARGIN_BYTES + bytes.length);
}

/** All segments one after the other. */
function recordingOf({ segments }: RecordingTape): Uint8Array {
  // A Buffer's `slice` would be a view.
  return new Uint8Array(Buffer.concat(segments));
}

function sealSegment(bytes: Uint8Array): void {
  if (bytes.length < 16) return;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length >= 32) view.setUint32(28, bytes.length, true);
  view.setUint32(bytes.length - 12, bytes.length, true);
  view.setUint32(bytes.length - 4, 0x444e4550, true);
  view.setUint32(bytes.length - 8, crc32c(bytes, 0, bytes.length - 8), true);
}

function sealIndex(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 32; at + 32 <= bytes.length; at += 32) view.setUint32(at + 28, crc32c(bytes, at, at + 28), true);
}

/** What is wrong with a record, or null. */
function faultOfRecord(record: SegmentRecord, segment: OpenSegment): string | null {
  const startMs = segment.number * SEGMENT_MS;
  if (!(record.timeMs >= startMs && record.timeMs < startMs + SEGMENT_MS)) return `time ${record.timeMs}`;
  if (!('bytes' in record)) return null;
  const from = record.bytes.byteOffset - segment.bytes.byteOffset;
  if (record.bytes.buffer !== segment.bytes.buffer) return 'bytes of another buffer';
  if (!(from >= 44 && from + record.bytes.length <= segment.tableAt)) return `bytes outside the records, at ${from}`;
  return segment.tracks.get(record.track.id)?.kind === record.type ? null : `track ${record.track.id}`;
}

/** What is wrong with the rows of an index or a scan, or null. */
function faultOfRows(rows: readonly IndexRow[]): string | null {
  for (const [k, { number, atByte, sizeBytes }] of rows.entries()) {
    const before = rows[k - 1];
    const isNext = !before || (number > before.number && atByte >= before.atByte + before.sizeBytes);
    const isSized = sizeBytes > 0 && sizeBytes <= LIMITS.segmentBytes && Number.isSafeInteger(atByte);
    if (!isNext || !isSized) return `row ${k}`;
  }
  return null;
}

/** The numbers of the whole segments in `bytes`, as far as they grow. */
function wholeNumbers({ segments, rows }: RecordingTape, bytes: Uint8Array): number[] {
  const hay = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const places = segments.flatMap((segment, k) => {
    const found: Array<{ at: number; number: number }> = [];
    for (let at = hay.indexOf(segment); at >= 0; at = hay.indexOf(segment, at + 1)) {
      found.push({ at, number: rows[k]!.number });
    }
    return found;
  });
  let last = -1;
  return places
    .sort((a, b) => a.at - b.at)
    .flatMap(({ number }) => {
      if (number <= last) return [];
      last = number;
      return [number];
    });
}

/** One recording and its damaged copies. */
class FuzzSession {
  private readonly random: () => number;
  private readonly mutator: ByteMutator;
  private readonly tape: RecordingTape;
  private bytes = new Uint8Array(0);

  constructor(
    private readonly options: RecordingFuzzOptions,
    private readonly session: number,
    private readonly counts: Counts,
  ) {
    this.random = seededRandom(options.seed ^ Math.imul(session + 1, 0x9e3779b1));
    this.mutator = new ByteMutator(this.random);
    this.tape = recordRecording(this.random);
  }

  async run(): Promise<void> {
    const { target } = this.options;
    for (let k = 0; k < CASES_A_TAPE; k += 1) {
      if (target === 'segment') this.tryReading(() => this.readSegment());
      else if (target === 'index') await this.tryReadingLater(() => this.readIndex());
      else await this.tryReadingLater(() => this.recover());
    }
  }

  private damage(whole: Uint8Array, others: readonly Uint8Array[], seal?: (bytes: Uint8Array) => void): Uint8Array {
    const bytes = this.mutator.mutate(whole, others);
    if (seal && this.random() < SEALED_SHARE) seal(bytes);
    this.bytes = bytes.slice();
    this.counts.cases += 1;
    this.counts.bytes += bytes.length;
    return bytes;
  }

  private readSegment(): void {
    const { segments } = this.tape;
    const segment = segments[Math.floor(this.random() * segments.length)]!;
    const bytes = this.damage(segment, segments, sealSegment);
    const first = this.outcomeOf(within(bytes, 0x00));
    const second = this.outcomeOf(within(bytes, 0xff));
    if (!isDeepStrictEqual(first, second)) this.fail('what lies around a segment changes what is read');
    if (first instanceof RecordingError) throw first;
  }

  /** What is read of a segment, or why not. */
  private outcomeOf(bytes: Uint8Array): unknown {
    try {
      const segment = (this.options.open ?? openSegment)(bytes);
      const { records, unknown, invalid } = readRecords(segment);
      if (records.length + unknown + invalid > LIMITS.records) this.fail(`${records.length} records`);
      const fault = records.map((record) => faultOfRecord(record, segment)).find((found) => found !== null);
      if (fault) this.fail(`a record that can't be: ${fault}`);
      const { bytes: _, tracks, ...header } = segment;
      return { header, tracks: [...tracks.values()], records, unknown, invalid };
    } catch (error) {
      if (error instanceof RecordingError) return error;
      throw error;
    }
  }

  private async readIndex(): Promise<void> {
    const { recordingId, rows, segments } = this.tape;
    const whole = writeIndex({ recordingId, rows });
    const isSealed = this.random() < SEALED_SHARE;
    const bytes = this.damage(whole, [whole, ...segments]);
    const recording = memorySource(recordingOf(this.tape));
    if (!isSealed) {
      const found = await recoverRecording(recording, bytes);
      if (!isDeepStrictEqual(found.rows, rows)) this.fail('a damaged index changes what is recovered');
    } else {
      sealIndex(bytes);
      this.bytes = bytes.slice();
      await recoverRecording(recording, bytes);
    }
    const index = readIndex(within(bytes, 0x50));
    const fault = faultOfRows(index.rows);
    if (fault) this.fail(`a row that can't be: ${fault}`);
    const plan = planSeek(index.rows, this.random() * 20_000);
    if (plan && !(plan.rows.length > 0 && plan.toByte > plan.fromByte)) this.fail('a seek that reads nothing');
  }

  private async recover(): Promise<void> {
    const bytes = this.damage(recordingOf(this.tape), this.tape.segments);
    const expected = wholeNumbers(this.tape, bytes);
    const source = memorySource(within(bytes, 0x50));
    const scan = await scanRecording(source);
    const found = scan.rows.map(({ number }) => number);
    if (!isDeepStrictEqual(found, expected)) this.fail(`found ${found} of ${expected}`);
    const fault = faultOfRows(scan.rows) ?? (scan.wholeBytes <= bytes.length ? null : 'a length beyond the end');
    if (fault) this.fail(fault);
    const recovered = await recoverRecording(source, null);
    if (recovered.resume.number !== expected.at(-1)! + 1) this.fail(`resumes at ${recovered.resume.number}`);
    const { timeline } = await readTimeline(source);
    if (timeline.segments !== found.length) this.fail(`a time line of ${timeline.segments} segments`);
  }

  private tryReading(read: () => void): void {
    try {
      read();
      this.counts.read += 1;
    } catch (error) {
      this.note(error);
    }
  }

  private async tryReadingLater(read: () => Promise<void>): Promise<void> {
    try {
      await read();
      this.counts.read += 1;
    } catch (error) {
      this.note(error);
    }
  }

  private note(error: unknown): void {
    if (error instanceof FuzzFailure) throw error;
    if (!(error instanceof RecordingError)) {
      this.fail(`the reader threw: ${error instanceof Error ? error.stack : String(error)}`);
    }
    const { refused } = this.counts;
    refused[error.reason] = (refused[error.reason] ?? 0) + 1;
  }

  private fail(detail: string): never {
    throw new FuzzFailure(this.options.seed, this.session, this.bytes, detail);
  }
}

/**
 * Reads `bytes` damaged bytes of generated recordings, the same in every run of a seed. @throws FuzzFailure with seed, session and
 * bytes where a reader throws anything but a RecordingError, reads outside, yields what can't be, or misses a whole segment
 */
export async function fuzzRecording(options: RecordingFuzzOptions): Promise<RecordingFuzzReport> {
  const counts: Counts = { target: options.target, sessions: 0, cases: 0, bytes: 0, read: 0, refused: {} };
  for (let session = options.firstSession ?? 0; counts.bytes < options.bytes; session += 1) {
    await new FuzzSession(options, session, counts).run();
    counts.sessions += 1;
    options.onSession?.(counts);
  }
  return counts;
}
