/** First pause before a session is offered again, and the longest. Each is twice the one before. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
/** After this long without a restart the next one is prompt again. */
const CALM_MS = 120_000;

/**
 * When a member's session is offered again after it has ended, and whether with media. An offer costs a client its bridge
 * channel for a moment, so they must not follow each other, and where media never came up it is not offered again: poses go
 * on without it.
 */
export class Restarts {
  private count = 0;
  private lastMs = Number.NEGATIVE_INFINITY;
  private hasGivenUp = false;

  /** Whether to offer media. */
  get offersMedia(): boolean {
    return !this.hasGivenUp;
  }

  /** Notes that a session is to be offered again. Returns the time at which, which may be now. */
  note(hadMedia: boolean, nowMs: number): number {
    if (nowMs - this.lastMs > CALM_MS) this.count = 0;
    if (!hadMedia) this.hasGivenUp = true;
    this.lastMs = nowMs;
    this.count += 1;
    const pauseMs = this.count === 1 ? 0 : Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (this.count - 2));
    return nowMs + pauseMs;
  }
}
