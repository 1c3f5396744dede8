import { systemClock } from '@/lib/core/clock';
import { nextRetryDelayMs } from '@/lib/transport/retryPolicy';
import type { SessionFailure } from './sessionContract';
import { mayPass, sessionFailureOf } from './sessionFailure';

/**
 * Makes an attempt again and again, with growing pauses, while it fails for reasons that time may mend. Resolves with null
 * once it has worked or is not wanted any more, else with why it was given up.
 */
export async function retryWhilePassing(
  attempt: () => Promise<void>,
  isOver: () => boolean,
): Promise<SessionFailure | null> {
  const sinceMs = systemClock.nowMs();
  for (let attempts = 0; !isOver(); attempts += 1) {
    try {
      await attempt();
      return null;
    } catch (error) {
      const failure = sessionFailureOf(error);
      const elapsedMs = systemClock.nowMs() - sinceMs;
      const delayMs = nextRetryDelayMs({ attempts, elapsedMs, random: Math.random() });
      if (!mayPass(failure.reason) || delayMs === null) return failure;
      await new Promise((resolve) => setTimeout(resolve, delayMs));
    }
  }
  return null;
}
