import type { ByteSource } from './byteSource';
import type { RecordedState } from './events';
import { EMPTY_STATE, stateAfterRecords } from './recordedState';
import { RecordingError } from './recordingError';
import { type IndexRow, readIndex } from './recordingIndex';
import type { ResumePoint } from './recordingWriter';
import { isSameId, type RecordingScan, scanRecording } from './scan';
import { type OpenSegment, openSegment, readRecords, type SegmentRecord } from './segmentReader';

/** Rows of an index that are tried, from its end, before the whole recording is read. */
const ROWS_TRIED_MAX = 16;
/** Segments in which the last state is looked for; one is written every five. */
const STATE_REACH = 16;

/** A recording after an interruption. */
export interface Recovery extends RecordingScan {
  /** Where to go on, once the recording is cut to {@link RecordingScan.wholeBytes} and the index to its rows. */
  readonly resume: ResumePoint;
  /** Whether it was ended, so that there is nothing to go on with. */
  readonly isEnded: boolean;
}

/** The whole segment of a row; null if the source has another one there, or none. */
async function openRow(source: ByteSource, row: IndexRow): Promise<OpenSegment | null> {
  if (row.atByte + row.sizeBytes > source.sizeBytes) return null;
  const bytes = await source.read(row.atByte, row.sizeBytes);
  const segment = orNull(() => openSegment(bytes));
  return segment?.number === row.number && segment.sizeBytes === row.sizeBytes ? segment : null;
}

/** The rows before the first gap, in which a row may be missing. */
function gaplessRows(rows: readonly IndexRow[]): IndexRow[] {
  let atByte = 0;
  const gap = rows.findIndex((row) => {
    const isGap = row.atByte !== atByte;
    atByte = row.atByte + row.sizeBytes;
    return isGap;
  });
  return gap < 0 ? [...rows] : rows.slice(0, gap);
}

/** The rows of an index up to the last one that is true of the source; null if none of the last is. */
async function trueRows(source: ByteSource, indexBytes: Uint8Array | null) {
  const index = indexBytes && orNull(() => readIndex(indexBytes));
  if (!index) return null;
  const { recordingId } = index;
  const rows = gaplessRows(index.rows);
  for (let tried = 0; tried < ROWS_TRIED_MAX && rows.length > 0; tried += 1) {
    const row = rows.at(-1)!;
    const segment = await openRow(source, row);
    if (segment && isSameId(segment.recordingId, recordingId)) return { recordingId, rows, row };
    rows.pop();
  }
  return null;
}

async function lastState(source: ByteSource, rows: readonly IndexRow[]): Promise<RecordedState> {
  const recent = rows.slice(-STATE_REACH);
  const from = recent.findLastIndex(({ hasState }) => hasState);
  let state = EMPTY_STATE;
  for (const row of recent.slice(Math.max(0, from))) {
    const segment = await openRow(source, row);
    if (segment) state = stateAfterRecords(state, recordsOf(segment));
  }
  return state;
}

/** The records of a segment; none if they contradict the format. */
function recordsOf(segment: OpenSegment): readonly SegmentRecord[] {
  return orNull(() => readRecords(segment).records) ?? [];
}

/** What `read` returns; null where it throws a RecordingError. */
function orNull<Result>(read: () => Result): Result | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof RecordingError) return null;
    throw error;
  }
}

/**
 * Finds what is whole of an interrupted recording. With an index, only what came after its last true row is read. @throws RecordingError
 * if there is no whole segment
 */
export async function recoverRecording(source: ByteSource, indexBytes: Uint8Array | null): Promise<Recovery> {
  const known = await trueRows(source, indexBytes);
  const scan = await scanRecording(source, known ? { after: known } : {});
  const rows = [...(known?.rows ?? []), ...scan.rows];
  const last = await openRow(source, rows.at(-1)!);
  if (!last) throw RecordingError.empty();
  const resume = {
    take: last.take + 1,
    number: last.number + 1,
    nextTrack: last.nextTrack,
    state: await lastState(source, rows),
  };
  return { ...scan, rows, resume, isEnded: last.isLast };
}
