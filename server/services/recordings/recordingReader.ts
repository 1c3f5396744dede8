import { RecordingError } from '@/lib/recording/recordingError';
import { type IndexRow, readIndex, writeIndex } from '@/lib/recording/recordingIndex';
import { recoverRecording } from '@/lib/recording/recovery';
import { INDEX_FILE, SEGMENTS_FILE } from '@/server/store/recordings/recordingFiles';
import type { RecordingStorage } from '@/server/store/recordings/recordingStorage';
import { RECENT_MAX, type RecordingProgress } from './recordingRuns';

/** Indexes of finished recordings that are remembered: an hour's has 115 kB. */
const REMEMBERED_MAX = 32;

/** What is known of a recording's segments. */
interface KnownSegments {
  readonly rows: readonly IndexRow[];
  readonly sizeBytes: number;
  /** Whether more may follow. */
  readonly isLive: boolean;
}

/** Reads recordings for those who watch them, those under way as well. @throws StoreError from every method */
export class RecordingReader {
  private readonly finished = new Map<string, Promise<KnownSegments>>();

  constructor(
    private readonly storage: RecordingStorage,
    /** What is known of a recording under way; null for any other. */
    private readonly progressOf: (id: string) => RecordingProgress | null,
  ) {}

  /** The segments of a recording; without any, there is none. */
  async segments(id: string): Promise<KnownSegments> {
    const progress = this.progressOf(id);
    if (progress) return this.live(id, progress);
    const known = this.finished.get(id) ?? this.remember(id, this.recover(id));
    return known;
  }

  /** The index of a recording with these segments. */
  indexOf(id: string, rows: readonly IndexRow[]): Uint8Array {
    return writeIndex({ recordingId: Buffer.from(id, 'hex'), rows });
  }

  /** The segment of a second; null if there is none, or not yet. */
  async segment(id: string, number: number): Promise<Uint8Array | null> {
    const recent = this.progressOf(id)?.recent.find((each) => each.number === number);
    const row = recent ?? (await this.rowOf(id, number));
    return row ? this.read(id, row.atByte, row.sizeBytes) : null;
  }

  /** The latest segments: those that viewers ask for while a recording is being made, oldest first. */
  async latest(id: string): Promise<readonly IndexRow[]> {
    return this.progressOf(id)?.recent ?? (await this.segments(id)).rows.slice(-RECENT_MAX);
  }

  /** Bytes of the segments, one after the other. */
  read(id: string, atByte: number, sizeBytes: number): Promise<Uint8Array> {
    return this.storage.read(id, SEGMENTS_FILE, atByte, sizeBytes);
  }

  private async rowOf(id: string, number: number): Promise<IndexRow | null> {
    const { rows } = await this.segments(id);
    return rows.find((row) => row.number === number) ?? null;
  }

  /** The index lags behind: the recorder tells the latest rows itself. */
  private async live(id: string, { recent }: RecordingProgress): Promise<KnownSegments> {
    const kept = await this.keptRows(id);
    const last = kept.at(-1)?.number ?? -1;
    const rows = [...kept, ...recent.filter(({ number }) => number > last)];
    const end = rows.at(-1);
    return { rows, sizeBytes: end ? end.atByte + end.sizeBytes : 0, isLive: true };
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
  }
}
