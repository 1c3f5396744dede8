import type { ParleyStats } from '@/lib/meeting/stats';

/** What support, tests and integrators find at `globalThis.parley`: it tells and changes nothing. */
interface ParleyInspection {
  stats(): ParleyStats;
}

/** Offers `stats` of the session that the page shows now at `globalThis.parley`. */
export function installInspection(stats: () => ParleyStats): void {
  (globalThis as { parley?: ParleyInspection }).parley = { stats };
}

/** What `parley.stats()` tells now; null where nothing has been installed yet. */
export function readInspection(): ParleyStats | null {
  return (globalThis as { parley?: ParleyInspection }).parley?.stats() ?? null;
}
