import type { Tier, TierName } from '@/lib/core/meeting';

/** The base policy by number of seated people: the table "Quality tiers" of the architecture. */
export const TIERS: Readonly<Record<TierName, Tier>> = {
  high: { name: 'high', fps: 30, compression: 3 },
  medium: { name: 'medium', fps: 20, compression: 6 },
  low: { name: 'low', fps: 10, compression: 9 },
};

const HIGH_MAX_SEATED = 4;
const MEDIUM_MAX_SEATED = 9;
const RANK: Readonly<Record<TierName, number>> = { high: 0, medium: 1, low: 2 };

/** The tier for `seated` people, never better than `best` (the operator's INITIAL_QUALITY). */
export function tierForSeated(seated: number, best: TierName = 'high'): Tier {
  const name: TierName = seated <= HIGH_MAX_SEATED ? 'high' : seated <= MEDIUM_MAX_SEATED ? 'medium' : 'low';
  return RANK[name] < RANK[best] ? TIERS[best] : TIERS[name];
}
