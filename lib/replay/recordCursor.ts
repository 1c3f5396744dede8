import { SEGMENT_MS } from '@/lib/recording/format';
import { startMsOf } from '@/lib/recording/recordingIndex';
import type { SegmentRecord } from '@/lib/recording/segmentReader';
import type { SegmentLoader } from './segmentLoader';

/** Walks through the records of a recording in the order of time, as far as they are loaded. */
export class RecordCursor {
  private place = 0;
  private at = 0;

  constructor(private readonly loader: SegmentLoader) {}

  /** The place in the index of the segment that comes next. */
  get row(): number {
    return this.place;
  }

  /** Goes to the beginning of a segment. */
  moveTo(place: number): void {
    this.place = place;
    this.at = 0;
  }

  /** Hands over the records up to `untilMs`. Returns whether all of them were loaded. */
  walk(untilMs: number, take: (record: SegmentRecord) => void): boolean {
    const { rows } = this.loader;
    while (this.place < rows.length && startMsOf(rows[this.place]!) <= untilMs) {
      const records = this.loader.recordsAt(this.place);
      if (!records) return false;
      while (this.at < records.length && records[this.at]!.timeMs <= untilMs) {
        this.at += 1;
        take(records[this.at - 1]!);
      }
      if (startMsOf(rows[this.place]!) + SEGMENT_MS > untilMs) return true;
      this.moveTo(this.place + 1);
    }
    return true;
  }
}
