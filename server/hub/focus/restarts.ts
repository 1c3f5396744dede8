import type { RestartLimit } from '../profile/hubProfile';

/** First pause before a session is offered again, and the longest. Each is twice the one before. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
/** After this long without a restart the next one is prompt again. */
const CALM_MS = 120_000;
const MINUTE_MS = 60_000;

/**
 * When a member's session is offered again after it has ended, and whether with media. An offer costs a client its bridge
 * channel for a moment, so they must not follow each other, and where media never came up it is not offered again: poses go
 * on without it.
 */
export class Restarts {
  private count = 0;
  private lastMs = Number.NEGATIVE_INFINITY;
  private hasGivenUp = false;
  private allowedAtMs: number[] = [];

  /** @param limit Null if every wish is fulfilled, but later and later. */
  constructor(private readonly limit: RestartLimit | null) {}

  /** Whether a client may ask for a fresh session now. */
  isAllowed(nowMs: number): boolean {
    if (!this.limit) return true;
    const { leastPauseMs, perMinuteMax } = this.limit;
    this.allowedAtMs = this.allowedAtMs.filter((atMs) => nowMs - atMs < MINUTE_MS);
    const lastMs = this.allowedAtMs.at(-1) ?? Number.NEGATIVE_INFINITY;
    if (nowMs - lastMs < leastPauseMs || this.allowedAtMs.length >= perMinuteMax) return false;
    this.allowedAtMs.push(nowMs);
    return true;
  }

  /** Whether to offer media. */
  get offersMedia(): boolean {
    return !this.hasGivenUp;
  }

  /** Notes that a session is to be offered again. Returns the time at which, which may be now. */
  note(hadMedia: boolean, nowMs: number): number {
    if (this.limit) return nowMs;
    if (nowMs - this.lastMs > CALM_MS) this.count = 0;
    if (!hadMedia) this.hasGivenUp = true;
    this.lastMs = nowMs;
    this.count += 1;
    const pauseMs = this.count === 1 ? 0 : Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (this.count - 2));
    return nowMs + pauseMs;
  }
}
