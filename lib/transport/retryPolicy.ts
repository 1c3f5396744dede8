/** What a retry depends on. */
export interface RetryContext {
  /** Failed attempts since the connection was lost. */
  readonly attempts: number;
  /** Milliseconds since the connection was lost. */
  readonly elapsedMs: number;
  /** 0 .. 1, so that many people don't come back in the same instant. */
  readonly random: number;
}

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 4_000;
/** After this long the person is told that the connection is lost. */
export const RETRY_GIVE_UP_MS = 120_000;

/** Milliseconds to wait before the next attempt: doubling, jittered by half; null when it is time to give up. */
export function nextRetryDelayMs({ attempts, elapsedMs, random }: RetryContext): number | null {
  if (elapsedMs >= RETRY_GIVE_UP_MS) return null;
  const full = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(attempts, 10));
  return full * (0.5 + 0.5 * random);
}
