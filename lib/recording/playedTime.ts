import { SEGMENT_MS } from './format';
import { type IndexRow, startMsOf } from './recordingIndex';

/** A stretch of a recording without a break. */
export interface Stretch {
  /** The recording's time, ms. */
  readonly fromMs: number;
  readonly toMs: number;
  /** The played time at which it begins, ms. */
  readonly atMs: number;
}

/**
 * The time of a recording as it is played: without its breaks, where no recorder ran or nothing came. It begins at 0 and keeps what it
 * says as a recording grows.
 */
export class PlayedTime {
  /** In order; empty only for a recording without segments. */
  readonly stretches: readonly Stretch[];

  constructor(rows: readonly IndexRow[]) {
    const stretches: { fromMs: number; toMs: number; atMs: number }[] = [];
    for (const row of rows) {
      const fromMs = startMsOf(row);
      const last = stretches.at(-1);
      if (last && fromMs <= last.toMs) last.toMs = fromMs + SEGMENT_MS;
      else stretches.push({ fromMs, toMs: fromMs + SEGMENT_MS, atMs: last ? last.atMs + last.toMs - last.fromMs : 0 });
    }
    this.stretches = stretches;
  }

  /** How long it plays, ms. */
  get lengthMs(): number {
    const last = this.stretches.at(-1);
    return last ? last.atMs + last.toMs - last.fromMs : 0;
  }

  /** The played time of a time of the recording; one within a break counts as the end before it. */
  playedMsOf(timeMs: number): number {
    const stretch = this.stretches.findLast(({ fromMs }) => fromMs <= timeMs);
    return stretch ? stretch.atMs + Math.min(timeMs, stretch.toMs) - stretch.fromMs : 0;
  }

  /** The recording's time at a played time; where a break was, its end. */
  recordedMsOf(playedMs: number): number {
    const stretch = this.stretches.findLast(({ atMs }) => atMs <= playedMs) ?? this.stretches[0];
    return stretch ? Math.min(stretch.toMs, stretch.fromMs + Math.max(0, playedMs) - stretch.atMs) : 0;
  }

  /** What is between two played times, stretch by stretch; their `atMs` count from `fromMs`. */
  between(fromMs: number, toMs: number): Stretch[] {
    return this.stretches.flatMap((stretch) => {
      const atMs = Math.max(fromMs, stretch.atMs);
      const endMs = Math.min(toMs, stretch.atMs + stretch.toMs - stretch.fromMs);
      const shiftMs = stretch.fromMs - stretch.atMs;
      return atMs < endMs ? [{ fromMs: atMs + shiftMs, toMs: endMs + shiftMs, atMs: atMs - fromMs }] : [];
    });
  }
}
