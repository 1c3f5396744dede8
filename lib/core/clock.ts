/** Source of time. Injected everywhere, so that tests and benchmarks control it. */
export interface Clock {
  /** Milliseconds on a steady, monotonic scale with an arbitrary zero. */
  nowMs(): number;
}

/** The machine's monotonic clock (`performance.now`). */
export const systemClock: Clock = { nowMs: () => performance.now() };

/** A clock that starts at the Unix epoch, for what outlives the process: meetings and tokens. */
export const wallClock: Clock = { nowMs: () => Date.now() };

/** Timers on a clock, injected so that tests control time. */
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
