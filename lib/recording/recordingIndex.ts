import { crc32c } from './crc32c';
import {
  INDEX_HEADER_BYTES,
  INDEX_MAGIC,
  INDEX_ROW_BYTES,
  LIMITS,
  RECORDING_ID_BYTES,
  SEGMENT_MIN_BYTES,
  SEGMENT_MS,
  VERSION,
} from './format';
import { RecordingError } from './recordingError';
import type { OpenSegment } from './segmentReader';

const NUMBERS = 2 ** 32;
/** Offsets beyond this lose precision. */
const OFFSET_HIGH_MAX = 2 ** 21;
const HAS_STATE = 1;
const KEYFRAME_BITS = 64;
/** Places of a row's fields. */
const ROW = {
  number: 0,
  sizeBytes: 4,
  atLow: 8,
  atHigh: 12,
  keyframesLow: 16,
  keyframesHigh: 20,
  flags: 24,
  check: 28,
};
const ID_AT = 8;

/** What an index says of a segment. */
export interface SegmentSummary {
  readonly number: number;
  readonly sizeBytes: number;
  readonly hasState: boolean;
  /** Bits 0-31 and 32-63 of its tracks with a keyframe: bit `id % 64` of each. */
  readonly keyframesLow: number;
  readonly keyframesHigh: number;
}

/** One segment in an index. */
export interface IndexRow extends SegmentSummary {
  /** Where it begins, bytes from the start of the recording. */
  readonly atByte: number;
}

/** The rows of an index that are whole. */
export interface RecordingIndex {
  readonly recordingId: Uint8Array;
  readonly rows: readonly IndexRow[];
}

/** When a segment begins, ms of the recording's time. */
export function startMsOf({ number }: Pick<IndexRow, 'number'>): number {
  return number * SEGMENT_MS;
}

/** Whether a segment may have a keyframe of a track: where a recording has more than 64 tracks, another one's counts too. */
export function mayHaveKeyframe({ keyframesLow, keyframesHigh }: IndexRow, trackId: number): boolean {
  const bit = trackId % KEYFRAME_BITS;
  return (((bit < 32 ? keyframesLow : keyframesHigh) >>> (bit & 31)) & 1) === 1;
}

/** The bits of those of `tracks` that have a keyframe. */
export function keyframeBits(
  tracks: Iterable<{ readonly id: number; readonly hasKeyframe: boolean }>,
): Pick<SegmentSummary, 'keyframesLow' | 'keyframesHigh'> {
  const bits = new Uint32Array(2);
  for (const { id, hasKeyframe } of tracks) {
    const bit = id % KEYFRAME_BITS;
    if (hasKeyframe) bits[bit >> 5]! |= 1 << (bit & 31);
  }
  return { keyframesLow: bits[0]!, keyframesHigh: bits[1]! };
}

/** The row of a segment that begins at `atByte`. */
export function indexRowOf({ number, sizeBytes, hasState, tracks }: OpenSegment, atByte: number): IndexRow {
  return { number, atByte, sizeBytes, hasState, ...keyframeBits(tracks.values()) };
}

/** The first bytes of an index. */
export function indexHeader(recordingId: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(INDEX_HEADER_BYTES);
  new DataView(bytes.buffer).setUint32(0, INDEX_MAGIC, true);
  bytes[4] = VERSION;
  bytes.set(recordingId, ID_AT);
  return bytes;
}

/** A row as it is appended to an index. */
export function writeIndexRow(row: IndexRow): Uint8Array {
  const bytes = new Uint8Array(INDEX_ROW_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(ROW.number, row.number, true);
  view.setUint32(ROW.sizeBytes, row.sizeBytes, true);
  view.setUint32(ROW.atLow, row.atByte % NUMBERS, true);
  view.setUint32(ROW.atHigh, Math.floor(row.atByte / NUMBERS), true);
  view.setUint32(ROW.keyframesLow, row.keyframesLow, true);
  view.setUint32(ROW.keyframesHigh, row.keyframesHigh, true);
  view.setUint32(ROW.flags, row.hasState ? HAS_STATE : 0, true);
  view.setUint32(ROW.check, crc32c(bytes, 0, ROW.check), true);
  return bytes;
}

/** A whole index. */
export function writeIndex({ recordingId, rows }: RecordingIndex): Uint8Array {
  const bytes = new Uint8Array(INDEX_HEADER_BYTES + rows.length * INDEX_ROW_BYTES);
  bytes.set(indexHeader(recordingId));
  for (const [k, row] of rows.entries()) bytes.set(writeIndexRow(row), INDEX_HEADER_BYTES + k * INDEX_ROW_BYTES);
  return bytes;
}

/** The row at `at`; null if it is damaged or contradicts the one before it. */
function readRow(bytes: Uint8Array, view: DataView, at: number, before: IndexRow | undefined): IndexRow | null {
  if (crc32c(bytes, at, at + ROW.check) !== view.getUint32(at + ROW.check, true)) return null;
  const atHigh = view.getUint32(at + ROW.atHigh, true);
  const row = {
    number: view.getUint32(at + ROW.number, true),
    atByte: atHigh * NUMBERS + view.getUint32(at + ROW.atLow, true),
    sizeBytes: view.getUint32(at + ROW.sizeBytes, true),
    hasState: (view.getUint32(at + ROW.flags, true) & HAS_STATE) !== 0,
    keyframesLow: view.getUint32(at + ROW.keyframesLow, true),
    keyframesHigh: view.getUint32(at + ROW.keyframesHigh, true),
  };
  const isSized =
    row.sizeBytes >= SEGMENT_MIN_BYTES && row.sizeBytes <= LIMITS.segmentBytes && atHigh < OFFSET_HIGH_MAX;
  const isNext = !before || (row.number > before.number && row.atByte >= before.atByte + before.sizeBytes);
  return isSized && isNext ? row : null;
}

/** Reads an index up to its first row that is damaged or torn. @throws RecordingError if it does not begin like one */
export function readIndex(bytes: Uint8Array): RecordingIndex {
  if (bytes.length < INDEX_HEADER_BYTES) throw RecordingError.truncated();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== INDEX_MAGIC) throw RecordingError.notARecording();
  if (bytes[4] !== VERSION) throw RecordingError.unknownVersion(bytes[4]!);
  const rows: IndexRow[] = [];
  for (let at = INDEX_HEADER_BYTES; at + INDEX_ROW_BYTES <= bytes.length; at += INDEX_ROW_BYTES) {
    const row = readRow(bytes, view, at, rows.at(-1));
    if (!row) break;
    rows.push(row);
  }
  return { recordingId: bytes.slice(ID_AT, ID_AT + RECORDING_ID_BYTES), rows };
}
