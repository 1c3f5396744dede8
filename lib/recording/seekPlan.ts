import { POSE_LEAD_MS, SEGMENT_MS } from './format';
import { type IndexRow, mayHaveKeyframe, startMsOf } from './recordingIndex';
import type { ByteRange } from './scan';

/** Opus needs so much before the first sample that is heard (RFC 7845, section 4.6). */
const VOICE_LEAD_MS = 80;
/** Segments with a state are at most this far apart, unless some are lost. */
const STATE_REACH_MS = 12_000;

/** What to read to show a recording as it was at a moment. */
export interface SeekPlan extends ByteRange {
  /** The segments, in order; the last one holds the moment. */
  readonly rows: readonly IndexRow[];
  /** Voices are decoded from here on. */
  readonly voicesFromMs: number;
}

/** The index in `rows` of the last segment that begins at or before `timeMs`; -1 if none does. */
function rowAt(rows: readonly IndexRow[], timeMs: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (startMsOf(rows[middle]!) <= timeMs) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * What to read for the moment `timeMs`: back to a keyframe of every pose, a state, and the lead that Opus wants. Null without
 * segments. Before the first segment that is the first; between takes, and after the end, the end of the last one before.
 */
export function planSeek(rows: readonly IndexRow[], timeMs: number): SeekPlan | null {
  if (rows.length === 0) return null;
  const last = Math.max(0, rowAt(rows, timeMs));
  const shownMs = Math.min(timeMs, startMsOf(rows[last]!) + SEGMENT_MS);
  const leadMs = shownMs - POSE_LEAD_MS;
  const leadFrom = rows.findIndex((row) => startMsOf(row) + SEGMENT_MS > leadMs);
  const stateFrom = rows.findLastIndex(({ hasState }, k) => k <= last && hasState);
  const hasNearState = stateFrom >= 0 && startMsOf(rows[stateFrom]!) >= shownMs - STATE_REACH_MS;
  const wanted = rows.slice(hasNearState ? Math.min(leadFrom, stateFrom) : leadFrom, last + 1);
  const end = wanted.at(-1)!;
  return {
    rows: wanted,
    fromByte: wanted[0]!.atByte,
    toByte: end.atByte + end.sizeBytes,
    voicesFromMs: Math.max(0, shownMs - VOICE_LEAD_MS),
  };
}

/**
 * The last segment, of those that begin at or before `timeMs` and not more than `reachMs` before it, that may have a keyframe of a track;
 * null if there is none. For shared screens, whose keyframes are rare.
 */
export function keyframeRow(
  rows: readonly IndexRow[],
  trackId: number,
  timeMs: number,
  reachMs: number,
): IndexRow | null {
  for (let k = rowAt(rows, timeMs); k >= 0 && startMsOf(rows[k]!) >= timeMs - reachMs; k -= 1) {
    if (mayHaveKeyframe(rows[k]!, trackId)) return rows[k]!;
  }
  return null;
}
