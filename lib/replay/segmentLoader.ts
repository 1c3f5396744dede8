import type { ByteSource } from '@/lib/recording/byteSource';
import { RecordingError } from '@/lib/recording/recordingError';
import type { IndexRow } from '@/lib/recording/recordingIndex';
import { openSegment, readRecords, type SegmentRecord } from '@/lib/recording/segmentReader';

/** Segments whose records are kept: what is read ahead, and some seconds before. */
const KEPT_MAX = 64;

/** The records of a recording's segments, by their place in the index. */
export class SegmentLoader {
  private readonly kept = new Map<number, readonly SegmentRecord[]>();
  private readonly waiting = new Map<number, Promise<void>>();
  private unreadable = 0;

  constructor(
    private readonly source: ByteSource,
    readonly rows: readonly IndexRow[],
  ) {}

  /** Segments that were damaged: they are shown as if nothing had come in them. */
  get damaged(): number {
    return this.unreadable;
  }

  /** The records of the segment at `place`; null if it has to be loaded. */
  recordsAt(place: number): readonly SegmentRecord[] | null {
    return this.kept.get(place) ?? null;
  }

  /** Loads the segments from `first` to `last`, those that are missing in one range for each gap. @throws ReplayError */
  async load(first: number, last: number): Promise<void> {
    const waits: Promise<void>[] = [];
    const end = Math.min(last, this.rows.length - 1);
    for (let place = first; place <= end; place += 1) {
      if (this.kept.has(place)) this.use(place);
      else waits.push(this.waiting.get(place) ?? this.ask(place, end));
    }
    await Promise.all(waits);
    this.forgetOldest(end - first + 1);
  }

  private use(place: number): void {
    const records = this.kept.get(place)!;
    this.kept.delete(place);
    this.kept.set(place, records);
  }

  private ask(first: number, end: number): Promise<void> {
    let last = first;
    while (last < end && !this.kept.has(last + 1) && !this.waiting.has(last + 1)) last += 1;
    const asked = this.read(first, last).finally(() => {
      for (let place = first; place <= last; place += 1) this.waiting.delete(place);
    });
    for (let place = first; place <= last; place += 1) this.waiting.set(place, asked);
    return asked;
  }

  private async read(first: number, last: number): Promise<void> {
    const { atByte } = this.rows[first]!;
    const end = this.rows[last]!;
    const bytes = await this.source.read(atByte, end.atByte + end.sizeBytes - atByte);
    for (let place = first; place <= last; place += 1) {
      const row = this.rows[place]!;
      this.kept.set(place, this.recordsOf(bytes.subarray(row.atByte - atByte, row.atByte - atByte + row.sizeBytes)));
    }
  }

  private recordsOf(bytes: Uint8Array): readonly SegmentRecord[] {
    try {
      return readRecords(openSegment(bytes)).records;
    } catch (error) {
      if (!(error instanceof RecordingError)) throw error;
      this.unreadable += 1;
      return [];
    }
  }

  private forgetOldest(inUse: number): void {
    for (const place of this.kept.keys()) {
      if (this.kept.size <= Math.max(KEPT_MAX, inUse)) return;
      this.kept.delete(place);
    }
  }
}
