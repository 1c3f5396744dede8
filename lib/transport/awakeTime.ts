import type { Clock } from '@/lib/core/clock';

/** Time between two ticks counts up to this much. */
const COUNTED_MAX_MS = 500;

/** Measures time from tick to tick, several of them a second, without what a machine slept or stalled: it has not waited. */
export class AwakeTime {
  private tickedAtMs: number;

  constructor(private readonly clock: Clock) {
    this.tickedAtMs = clock.nowMs();
  }

  /** Time since the tick before, or since the beginning, that counts as waiting, ms. */
  tick(): number {
    const nowMs = this.clock.nowMs();
    const passedMs = Math.min(nowMs - this.tickedAtMs, COUNTED_MAX_MS);
    this.tickedAtMs = nowMs;
    return passedMs;
  }
}
