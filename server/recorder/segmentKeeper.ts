import { setTimeout as sleep } from 'node:timers/promises';
import type { RecordingFailure } from '@/lib/core/recording';
import { RecordingError } from '@/lib/recording/recordingError';
import { type IndexRow, indexHeader, writeIndex, writeIndexRow } from '@/lib/recording/recordingIndex';
import { type Recovery, recoverRecording } from '@/lib/recording/recovery';
import type { WrittenSegment } from '@/lib/recording/segmentWriter';
import { INDEX_FILE, SEGMENTS_FILE } from '@/server/store/recordings/recordingFiles';
import type { GrowingFile, RecordingStorage } from '@/server/store/recordings/recordingStorage';
import { StoreError } from '@/server/store/storeError';
import type { KeptSegment } from './recorderContract';

/** What waits for a storage that is away; more, and the recording ends. */
const WAITING_MAX_BYTES = 64 * 1024 * 1024;
/** Segments that are appended at once, where several wait. */
const APPENDED_MAX_BYTES = 1024 * 1024;
const RETRY_MS = 500;
/** Rows of the index that are appended at once: it can be made from the segments, so that it may lag behind. */
const ROWS_AT_ONCE = 30;
/** How long the last segments may take once the recording is over. */
const DRAIN_MAX_MS = 60_000;

export interface SegmentKeeperParts {
  readonly storage: RecordingStorage;
  readonly recordingId: string;
  readonly onKept: (segment: KeptSegment) => void;
  /** Called once, where nothing more can be kept. What was kept before is whole. */
  readonly onFailed: (failure: RecordingFailure, cause: unknown) => void;
  readonly waitingMaxBytes?: number;
  readonly drainMaxMs?: number;
}

interface Waiting {
  readonly number: number;
  readonly hasState: boolean;
  readonly keyframesLow: number;
  readonly keyframesHigh: number;
  readonly bytes: Uint8Array;
}

/** Keeps the segments of one recording in its storage, in order, and what waits while the storage is away. */
export class SegmentKeeper {
  private segments: GrowingFile | null = null;
  private index: GrowingFile | null = null;
  private readonly waiting: Waiting[] = [];
  private waitingBytes = 0;
  private readonly rows: IndexRow[] = [];
  private working: Promise<void> | null = null;
  private failure: RecordingFailure | null = null;
  private lastNumber = -1;
  private isClosed = false;

  constructor(private readonly parts: SegmentKeeperParts) {}

  /** Bytes that are kept. */
  get sizeBytes(): number {
    return this.segments?.sizeBytes ?? 0;
  }

  /** Where the last kept segment ends, in the recording's time. */
  get durationMs(): number {
    return (this.lastNumber + 1) * 1000;
  }

  /**
   * Finds what is kept of an interrupted recording, and cuts it to what is whole. Null if that is nothing.
   * @throws StoreError
   */
  async recover(): Promise<Recovery | null> {
    const { storage, recordingId } = this.parts;
    const segments = await this.openSegments();
    const indexBytes = await storage.read(recordingId, INDEX_FILE, 0, await storage.sizeOf(recordingId, INDEX_FILE));
    const source = {
      sizeBytes: segments.sizeBytes,
      read: (atByte: number, sizeBytes: number) => storage.read(recordingId, SEGMENTS_FILE, atByte, sizeBytes),
    };
    const recovery = await recoverRecording(source, indexBytes).catch((error: unknown) => {
      if (error instanceof RecordingError) return null;
      throw error;
    });
    await segments.truncate(recovery?.wholeBytes ?? 0);
    this.index ??= await storage.open(recordingId, INDEX_FILE);
    await this.index.truncate(0);
    if (recovery) await this.index.append(writeIndex(recovery));
    this.lastNumber = recovery?.rows.at(-1)?.number ?? -1;
    return recovery;
  }

  /** Takes a segment, which is copied. */
  keep({ number, hasState, keyframesLow, keyframesHigh, bytes }: WrittenSegment): void {
    if (this.failure) return;
    this.waiting.push({ number, hasState, keyframesLow, keyframesHigh, bytes: bytes.slice() });
    this.waitingBytes += bytes.length;
    if (this.waitingBytes > (this.parts.waitingMaxBytes ?? WAITING_MAX_BYTES))
      this.fail('storageAway', 'too much waits');
    else this.work();
  }

  /** Resolves once everything is kept and the files are closed, or with why that could not be. */
  async drain(): Promise<RecordingFailure | null> {
    const late = sleep(this.parts.drainMaxMs ?? DRAIN_MAX_MS, 'late', { ref: false });
    while (this.working && !this.failure) {
      if ((await Promise.race([this.working, late])) === 'late') this.fail('storageAway', 'the last segments wait');
    }
    if (!this.failure) {
      await this.appendRows().catch(() => {});
      await this.close();
    }
    return this.failure;
  }

  /** Closes the files, once nothing is being written any more. */
  async close(): Promise<void> {
    await this.working;
    const files = this.isClosed ? [] : [this.segments, this.index];
    this.isClosed = true;
    await Promise.allSettled(files.map((file) => file?.close()));
  }

  private work(): void {
    this.working ??= this.appendAll().finally(() => {
      this.working = null;
    });
  }

  private async appendAll(): Promise<void> {
    while (this.waiting.length > 0 && !this.failure) {
      try {
        await this.appendSome();
        // An index that can't be written now is made from the segments when it is needed.
        if (this.rows.length >= ROWS_AT_ONCE) await this.appendRows().catch(() => {});
      } catch (error) {
        const failure = failureOf(error);
        if (failure) return this.fail(failure, error);
        await sleep(RETRY_MS);
      }
    }
  }

  /** Appends what waits, or as much of it as goes at once. */
  private async appendSome(): Promise<void> {
    const segments = await this.openSegments();
    const some = [this.waiting[0]!];
    let sizeBytes = some[0]!.bytes.length;
    for (const next of this.waiting.slice(1)) {
      if (sizeBytes + next.bytes.length > APPENDED_MAX_BYTES) break;
      some.push(next);
      sizeBytes += next.bytes.length;
    }
    let atByte = segments.sizeBytes;
    await segments.append(some.length === 1 ? some[0]!.bytes : Buffer.concat(some.map(({ bytes }) => bytes)));
    this.waiting.splice(0, some.length);
    this.waitingBytes -= sizeBytes;
    for (const { bytes, ...row } of some) {
      const kept = { ...row, atByte, sizeBytes: bytes.length };
      this.rows.push(kept);
      this.lastNumber = row.number;
      this.parts.onKept(kept);
      atByte += bytes.length;
    }
  }

  private async appendRows(): Promise<void> {
    const { storage, recordingId } = this.parts;
    if (this.rows.length === 0) return;
    this.index ??= await storage.open(recordingId, INDEX_FILE);
    const header = this.index.sizeBytes === 0 ? [indexHeader(Buffer.from(recordingId, 'hex'))] : [];
    const rows = [...this.rows];
    await this.index.append(Buffer.concat([...header, ...rows.map(writeIndexRow)]));
    this.rows.splice(0, rows.length);
  }

  private async openSegments(): Promise<GrowingFile> {
    this.segments ??= await this.parts.storage.open(this.parts.recordingId, SEGMENTS_FILE);
    return this.segments;
  }

  private fail(failure: RecordingFailure, cause: unknown): void {
    if (this.failure) return;
    this.failure = failure;
    this.waiting.length = 0;
    this.parts.onFailed(failure, cause);
  }
}

/** Why a recording must end after this; null if it is worth trying again. */
function failureOf(error: unknown): RecordingFailure | null {
  if (!(error instanceof StoreError)) return 'recorder';
  if (error.reason === 'unavailable') return null;
  return error.reason === 'unwritable' ? 'cannotSave' : 'recorder';
}
