/** Where time comes from. Injected everywhere, so that tests and benchmarks decide what time it is. */
export interface Clock {
  /** Milliseconds on a steady, monotonic scale with an arbitrary zero. */
  nowMs(): number;
}

/** The machine's monotonic clock (`performance.now`). */
export const systemClock: Clock = { nowMs: () => performance.now() };

/** A clock that stands still until a test moves it. */
export class ManualClock implements Clock {
  constructor(private timeMs = 0) {}

  nowMs(): number {
    return this.timeMs;
  }

  /** Moves the clock forward by `deltaMs` milliseconds. */
  advance(deltaMs: number): void {
    this.timeMs += deltaMs;
  }
}
