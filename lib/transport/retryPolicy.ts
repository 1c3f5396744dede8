import { retryDelayMs } from '@/lib/core/retryDelay';

/** What a retry depends on. */
export interface RetryContext {
  /** Failed attempts since the connection was lost. */
  readonly attempts: number;
  /** Milliseconds since the connection was lost. */
  readonly elapsedMs: number;
  /** 0 .. 1, so that many people don't come back in the same instant. */
  readonly random: number;
}

/** After this long the person is told that the connection is lost. */
export const RETRY_GIVE_UP_MS = 120_000;

/** Milliseconds to wait before the next attempt; null when it is time to give up. */
export function nextRetryDelayMs({ attempts, elapsedMs, random }: RetryContext): number | null {
  return elapsedMs >= RETRY_GIVE_UP_MS ? null : retryDelayMs(attempts, random);
}
