import type { Clock } from '@/lib/core/clock';
import { nextRetryDelayMs } from './retryPolicy';

/** A stretch longer than this between two steps was slept through; it counts no further against the time to give up. */
const STEP_MAX_MS = 30_000;
/** Who is back for less than this and lost again, was not back: an end without end must not become a storm. */
export const STEADY_AFTER_MS = 5_000;

/** One loss of the conference, from the loss to a return that lasts. */
export class Outage {
  private attempts = -1;
  private elapsedMs = 0;
  private steppedAtMs: number;
  private endedAtMs: number | null = null;

  constructor(private readonly clock: Clock) {
    this.steppedAtMs = clock.nowMs();
  }

  /** The conference was lost, for the first time or again; or an attempt to come back has failed. */
  lostAgain(): void {
    this.attempts += 1;
    this.endedAtMs = null;
  }

  /** One is back. */
  end(): void {
    this.endedAtMs = this.clock.nowMs();
  }

  /** Whether a loss now belongs to this outage. */
  goesOn(): boolean {
    return this.endedAtMs === null || this.clock.nowMs() - this.endedAtMs < STEADY_AFTER_MS;
  }

  /** The network is back: what was tried without one does not count. */
  beginAnew(): void {
    this.attempts = -1;
    this.elapsedMs = 0;
    this.steppedAtMs = this.clock.nowMs();
  }

  /** Milliseconds until the next attempt; null when it is time to give up. */
  nextDelayMs(random: number): number | null {
    const nowMs = this.clock.nowMs();
    this.elapsedMs += Math.min(nowMs - this.steppedAtMs, STEP_MAX_MS);
    this.steppedAtMs = nowMs;
    return nextRetryDelayMs({ attempts: this.attempts, elapsedMs: this.elapsedMs, random });
  }
}
