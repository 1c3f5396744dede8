import { SEATS_MAX } from '@/lib/core/meeting';
import type { PersonState } from '@/lib/recording/events';
import { EMPTY_STATE, stateAfterRecords } from '@/lib/recording/recordedState';
import { RecordingError } from '@/lib/recording/recordingError';
import { type IndexRow, readIndex, writeIndex } from '@/lib/recording/recordingIndex';
import { recoverRecording } from '@/lib/recording/recovery';
import { openSegment, readRecords } from '@/lib/recording/segmentReader';
import { INDEX_FILE, SEGMENTS_FILE } from '@/server/store/recordings/recordingFiles';
import type { RecordingStorage } from '@/server/store/recordings/recordingStorage';
import { RECENT_MAX, type RecordingProgress } from './recordingRuns';

/** Indexes of finished recordings that are remembered: an hour's has 115 kB. */
const REMEMBERED_MAX = 32;

/** What is known of a recording's segments. */
export interface KnownSegments {
  readonly rows: readonly IndexRow[];
  readonly sizeBytes: number;
  /** Whether more may follow. */
  readonly isLive: boolean;
}

/** The rows of a recording under way. */
interface GrowingRows {
  readonly rows: IndexRow[];
  /** The index of {@link rows}, as far as it has been asked for. */
  index: Uint8Array | null;
}

function endOf(rows: readonly IndexRow[]): number {
  const last = rows.at(-1);
  return last ? last.atByte + last.sizeBytes : 0;
}

/** Reads recordings for those who watch them, those under way as well. @throws StoreError from every method */
export class RecordingReader {
  private readonly finished = new Map<string, Promise<KnownSegments>>();
  private readonly growing = new Map<string, Promise<GrowingRows>>();

  constructor(
    private readonly storage: RecordingStorage,
    /** What is known of a recording under way; null for any other. */
    private readonly progressOf: (id: string) => RecordingProgress | null,
  ) {}

  /** The segments of a recording; without any, there is none. */
  async segments(id: string): Promise<KnownSegments> {
    const progress = this.progressOf(id);
    if (progress) {
      const { rows } = await this.grown(id, progress);
      return { rows, sizeBytes: endOf(rows), isLive: true };
    }
    this.growing.delete(id);
    return this.finished.get(id) ?? this.remember(id, this.recover(id));
  }

  /** The index of a recording, and whether it grows. */
  async index(id: string): Promise<{ readonly bytes: Uint8Array; readonly isLive: boolean }> {
    const { rows, isLive } = await this.segments(id);
    const growing = isLive ? await this.growing.get(id) : undefined;
    if (growing?.index) return { bytes: growing.index, isLive };
    const bytes = writeIndex({ recordingId: Buffer.from(id, 'hex'), rows });
    if (growing) growing.index = bytes;
    return { bytes, isLive };
  }

  /** The segment of a second; null if there is none, or not yet. */
  async find(id: string, number: number): Promise<IndexRow | null> {
    const recent = this.progressOf(id)?.recent;
    const isRecent = recent?.[0] !== undefined && number >= recent[0].number;
    const rows = isRecent ? recent : (await this.segments(id)).rows;
    return rows[placeOf(rows, number)] ?? null;
  }

  /** The latest segments: those that viewers ask for while a recording is being made, oldest first. */
  async latest(id: string): Promise<readonly IndexRow[]> {
    return this.progressOf(id)?.recent ?? (await this.segments(id)).rows.slice(-RECENT_MAX);
  }

  /** Those who are there in the middle of a recording, by seat: at its beginning and its end few may be. */
  async people(id: string): Promise<readonly Pick<PersonState, 'name' | 'avatar'>[]> {
    const states = (await this.segments(id)).rows.filter(({ hasState }) => hasState);
    const row = states[Math.floor(states.length / 2)];
    if (!row) return [];
    const bytes = await this.read(id, row.atByte, row.sizeBytes);
    try {
      const { people } = stateAfterRecords(EMPTY_STATE, readRecords(openSegment(bytes)).records);
      return people.toSorted((a, b) => (a.seat ?? SEATS_MAX) - (b.seat ?? SEATS_MAX));
    } catch (error) {
      if (error instanceof RecordingError) return [];
      throw error;
    }
  }

  /** Bytes of the segments, one after the other. */
  read(id: string, atByte: number, sizeBytes: number): Promise<Uint8Array> {
    return this.storage.read(id, SEGMENTS_FILE, atByte, sizeBytes);
  }

  /**
   * The rows of a recording under way. Those that the recorder has told are added to what is known; the index, which lags behind,
   * is read only where that leaves a gap: at first, and where nobody has asked for minutes.
   */
  private async grown(id: string, { recent }: RecordingProgress): Promise<GrowingRows> {
    const asked = this.growing.get(id) ?? this.readGrowing(id);
    let growing = await asked;
    const [first] = recent;
    if (first && first.atByte > endOf(growing.rows)) {
      const latest = this.growing.get(id);
      growing = await (latest === asked || !latest ? this.readGrowing(id) : latest);
    }
    const more = recent.slice(firstAfter(recent, growing.rows.at(-1)?.number ?? -1));
    if (more.length > 0) {
      growing.rows.push(...more);
      growing.index = null;
    }
    return growing;
  }

  private readGrowing(id: string): Promise<GrowingRows> {
    for (const each of this.growing.keys()) if (!this.progressOf(each)) this.growing.delete(each);
    const reading = this.keptRows(id).then((kept) => ({ rows: [...kept], index: null }));
    this.growing.set(id, reading);
    reading.catch(() => this.growing.get(id) === reading && this.growing.delete(id));
    return reading;
  }

  private async keptRows(id: string): Promise<readonly IndexRow[]> {
    const bytes = await this.storage.read(id, INDEX_FILE, 0, await this.storage.sizeOf(id, INDEX_FILE));
    try {
      return readIndex(bytes).rows;
    } catch (error) {
      if (error instanceof RecordingError) return [];
      throw error;
    }
  }

  /** All whole segments, also of a recording whose end was not written. */
  private async recover(id: string): Promise<KnownSegments> {
    const { storage } = this;
    const sizeBytes = await storage.sizeOf(id, SEGMENTS_FILE);
    const indexBytes = await storage.read(id, INDEX_FILE, 0, await storage.sizeOf(id, INDEX_FILE));
    try {
      const source = { sizeBytes, read: (atByte: number, size: number) => this.read(id, atByte, size) };
      const { rows, wholeBytes } = await recoverRecording(source, indexBytes);
      return { rows, sizeBytes: wholeBytes, isLive: false };
    } catch (error) {
      if (error instanceof RecordingError) return { rows: [], sizeBytes: 0, isLive: false };
      throw error;
    }
  }

  private remember(id: string, found: Promise<KnownSegments>): Promise<KnownSegments> {
    this.finished.set(id, found);
    const forget = () => this.finished.delete(id);
    // What is not there may come: a recording that another process finishes.
    found.then(({ rows }) => rows.length === 0 && forget(), forget);
    const [oldest] = this.finished.keys();
    if (this.finished.size > REMEMBERED_MAX && oldest !== undefined) this.finished.delete(oldest);
    return found;
  }

  /** A recording is deleted. */
  forget(id: string): void {
    this.finished.delete(id);
    this.growing.delete(id);
  }
}

/** The place of the first row after the segment `number`; the rows are in the order of their numbers. */
function firstAfter(rows: readonly IndexRow[], number: number): number {
  let [from, to] = [0, rows.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (rows[middle]!.number <= number) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** The place of the segment `number`; -1 if there is none. */
function placeOf(rows: readonly IndexRow[], number: number): number {
  const place = firstAfter(rows, number) - 1;
  return rows[place]?.number === number ? place : -1;
}
