import type { ParleyStats } from '@/lib/meeting/stats';

/** What support, tests and integrators find at `globalThis.parley`. Read-only. */
interface ParleyInspection {
  stats(): ParleyStats;
}

/** Offers `stats` of the page's current session at `globalThis.parley`. */
export function installInspection(stats: () => ParleyStats): void {
  (globalThis as { parley?: ParleyInspection }).parley = { stats };
}

/** The current `parley.stats()`; null before anything is installed. */
export function readInspection(): ParleyStats | null {
  return (globalThis as { parley?: ParleyInspection }).parley?.stats() ?? null;
}
