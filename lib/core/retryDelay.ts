const FIRST_MS = 250;
const MOST_MS = 4000;

/**
 * Milliseconds to wait before attempt number `attempt` (0 is the first after a loss): doubling, bounded, and spread
 * over the upper half, so that a meeting's people don't all come back in the same instant.
 * @param random 0 .. 1
 */
export function retryDelayMs(attempt: number, random: number): number {
  const wholeMs = Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(attempt, 10));
  return wholeMs * (0.5 + random / 2);
}
