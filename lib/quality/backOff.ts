/** Most doublings of a wait. */
const DOUBLINGS_MAX = 6;

/** Longest wait before a rung that has failed is tried again, ms. */
export const BACK_OFF_MAX_MS = 300_000;

/** How often going up to each rung had to be taken back lately; as long as the ladder. */
export type Failures = readonly number[];

/** One more failure at every rung from `first` to `last`. */
export function withFailures(failures: Failures, first: number, last: number): Failures {
  return failures.map((count, rung) => (rung >= first && rung <= last ? Math.min(DOUBLINGS_MAX, count + 1) : count));
}

/** One failure fewer at every rung up to `rung`, which has proved to hold. */
export function withProof(failures: Failures, rung: number): Failures {
  return failures.map((count, index) => (index <= rung ? Math.max(0, count - 1) : count));
}

/** How long to wait before going up to `rung`: `plainMs`, doubled with every failure. */
export function backedOffMs(plainMs: number, failures: Failures, rung: number): number {
  return Math.min(BACK_OFF_MAX_MS, plainMs * 2 ** (failures[rung] ?? 0));
}
