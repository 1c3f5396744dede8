import type { Clock } from '@/lib/core/clock';

/**
 * A clock whose zero is the Unix epoch. Meetings and tokens outlive the process, so the monotonic `systemClock`, whose
 * zero is the process's own, can't time them.
 */
export const wallClock: Clock = { nowMs: () => Date.now() };
