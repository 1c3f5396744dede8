const FIRST_MS = 250;

/**
 * Milliseconds to wait before attempt number `attempt` (0 is the first retry): doubles from 250 up to `longestMs`, spread over
 * the upper half so that many clients do not come back at the same moment.
 * @param random 0 .. 1
 */
export function backoffMs(attempt: number, longestMs: number, random: number): number {
  const wholeMs = Math.min(longestMs, FIRST_MS * 2 ** Math.min(attempt, 10));
  return wholeMs * (0.5 + random / 2);
}
