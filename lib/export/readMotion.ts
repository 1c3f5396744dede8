import type { FrameSink } from '@/lib/codec/codec';
import type { ByteSource } from '@/lib/recording/byteSource';
import { POSE_LEAD_MS, SEGMENT_MS } from '@/lib/recording/format';
import { type IndexRow, startMsOf } from '@/lib/recording/recordingIndex';
import { openSegment, readRecords } from '@/lib/recording/segmentReader';
import type { LongReading } from './exportRequest';
import { RecordedMotion } from './recordedMotion';

/** Packets may come this much after they were sent. */
const LATE_MAX_MS = 2000;

/** What to read. */
export interface MotionRequest extends LongReading {
  readonly source: ByteSource;
  /** The recording's segments, in order. */
  readonly rows: readonly IndexRow[];
  readonly personId: string;
  /** The recording's time, ms; both ends are included. */
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * Reads a person's motion: `sink` gets every frame of the time asked for, in order, with the recording's time.
 * @throws RecordingError; the signal's reason
 */
export async function readMotion(request: MotionRequest, sink: FrameSink): Promise<void> {
  const { source, rows, personId, fromMs, toMs, signal, onProgress } = request;
  const motion = new RecordedMotion((pose, timeMs) => {
    if (timeMs >= fromMs && timeMs <= toMs) sink(pose, timeMs);
  });
  const wanted = rows.filter((row) => {
    const startMs = startMsOf(row);
    return startMs + SEGMENT_MS > fromMs - POSE_LEAD_MS && startMs <= toMs + LATE_MAX_MS;
  });
  for (const [k, row] of wanted.entries()) {
    signal?.throwIfAborted();
    const { records } = readRecords(openSegment(await source.read(row.atByte, row.sizeBytes)));
    for (const record of records) {
      if (record.type === 'pose' && record.track.personId === personId) motion.take(record);
    }
    onProgress?.((k + 1) / wanted.length);
  }
  motion.finish();
}
