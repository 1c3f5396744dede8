import type { LiveState } from '@/lib/core/recording';
import { SEGMENT_MS } from '@/lib/recording/format';

/** After a segment is there, each viewer waits for another while, so that a cache has it when most ask. */
const WAIT_LEAST_MS = 120;
const WAIT_MOST_MS = 300;
/** Room for what comes late, before a viewer has nothing to show. */
const SLACK_MS = 250;

/**
 * Pauses between looks at what there is, ms: short and uneven at first, when a cache's answers are up to two seconds old, and one of a
 * few happens to be fresh.
 */
const FIRST_PAUSES_MS = [410, 730, 1130, 1570, 2270];
const PAUSE_MS = 30_000;

/** The pause after the look number `looks`, from 0 on, ms. */
export function lookPauseMs(looks: number): number {
  return FIRST_PAUSES_MS[looks] ?? PAUSE_MS;
}

/**
 * When the segments of a recording are there, while it is made. Knows the server's clock by what it said: never ahead of it, because
 * every answer took a while, and closer with each that was quicker. Local times are of one clock, ms.
 */
export class LiveSchedule {
  private startedAtMs = 0;
  private aheadMs = Number.NEGATIVE_INFINITY;
  private delayMs = 0;

  /** @param random From 0 to below 1. */
  constructor(private readonly random: () => number = Math.random) {}

  /** Takes what the server has said, which came at `atMs`. */
  note({ serverMs, startedAtMs, delayMs }: LiveState, atMs: number): void {
    this.startedAtMs = startedAtMs;
    this.delayMs = delayMs;
    this.aheadMs = Math.max(this.aheadMs, serverMs - atMs);
  }

  /** The recording's time at local `atMs`, at least. */
  liveMs(atMs: number): number {
    return atMs + this.aheadMs - this.startedAtMs;
  }

  /** The local time at which to ask for segment `number`: never before it is there, as far as the server knows. Another each time. */
  askAtMs(number: number): number {
    const thereMs = (number + 1) * SEGMENT_MS + this.delayMs;
    return thereMs - this.liveMs(0) + WAIT_LEAST_MS + this.random() * (WAIT_MOST_MS - WAIT_LEAST_MS);
  }

  /** How far behind the meeting a viewer can be without ever waiting, as long as nothing is late, ms. */
  get behindMs(): number {
    return SEGMENT_MS + this.delayMs + WAIT_MOST_MS + SLACK_MS;
  }
}
