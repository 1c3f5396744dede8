import type { ByteSource } from '@/lib/recording/byteSource';
import { SEGMENT_MS } from '@/lib/recording/format';
import { RecordingError } from '@/lib/recording/recordingError';
import { type IndexRow, startMsOf } from '@/lib/recording/recordingIndex';
import { openSegment, readRecords, type SegmentRecord } from '@/lib/recording/segmentReader';
import type { LongReading } from './exportRequest';

/** Packets may come this much after they were sent, ms. */
export const LATE_MAX_MS = 2000;

/** A part of a recording. */
export interface RangeRequest extends LongReading {
  readonly source: ByteSource;
  /** The recording's segments, in order. */
  readonly rows: readonly IndexRow[];
  /** The recording's time, ms. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** The records of a segment; none of one that is damaged, as if nothing had come in it. */
function recordsOf(bytes: Uint8Array): readonly SegmentRecord[] {
  try {
    return readRecords(openSegment(bytes)).records;
  } catch (error) {
    if (error instanceof RecordingError) return [];
    throw error;
  }
}

/**
 * Reads the records of a part of a recording, those of `leadMs` before it and of late packets after it included. `onSegment` gets those
 * of a segment and the time at which it ends.
 * @throws what `source` throws; the signal's reason
 */
export async function readRange(
  { source, rows, fromMs, toMs, signal, onProgress }: RangeRequest,
  leadMs: number,
  onSegment: (records: readonly SegmentRecord[], endMs: number) => void | Promise<void>,
): Promise<void> {
  const wanted = rows.filter((row) => {
    const startMs = startMsOf(row);
    return startMs + SEGMENT_MS > fromMs - leadMs && startMs <= toMs + LATE_MAX_MS;
  });
  for (const [k, row] of wanted.entries()) {
    signal?.throwIfAborted();
    const records = recordsOf(await source.read(row.atByte, row.sizeBytes));
    await onSegment(records, startMsOf(row) + SEGMENT_MS);
    onProgress?.((k + 1) / wanted.length);
  }
}
