/** Where time comes from. Injected everywhere, so that tests and benchmarks decide what time it is. */
export interface Clock {
  /** Milliseconds on a steady, monotonic scale with an arbitrary zero. */
  nowMs(): number;
}

/** The machine's monotonic clock (`performance.now`). */
export const systemClock: Clock = { nowMs: () => performance.now() };

/** A clock with the Unix epoch as its zero, for what outlives the process: meetings and tokens. */
export const wallClock: Clock = { nowMs: () => Date.now() };

/** Timers on a clock, injected so that tests decide what time it is. */
export interface Scheduler extends Clock {
  /** Calls `task` once after `delayMs`; the returned function cancels it. */
  schedule(task: () => void, delayMs: number): () => void;
}

/** The machine's own timers. */
export const systemScheduler: Scheduler = {
  nowMs: () => systemClock.nowMs(),
  schedule: (task, delayMs) => {
    const timer = setTimeout(task, delayMs);
    return () => clearTimeout(timer);
  },
};

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
