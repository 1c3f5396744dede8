import type { Tier, TierName } from '@/lib/core/meeting';
import { TIERS } from './tiers';

/**
 * Every way of sending, from the cheapest to the finest (rule Q-1): each costs more on the wire than the one below it. The
 * three base tiers are among them; the others carry the name of the base tier they are nearest to.
 */
export const LADDER: readonly Tier[] = [
  { name: 'low', fps: 5, compression: 9 },
  TIERS.low,
  TIERS.medium,
  { name: 'medium', fps: 24, compression: 5 },
  TIERS.high,
  { name: 'high', fps: 30, compression: 1 },
];

/** The cheapest rung, for hidden pages and for ways that carry next to nothing. */
export const LOWEST_RUNG = 0;

/** The finest rung. */
export const HIGHEST_RUNG = LADDER.length - 1;

/** The rung of a base tier. */
export function rungOf(name: TierName): number {
  return LADDER.indexOf(TIERS[name]);
}

/** The highest rung of at most `fps` frames a second; the lowest where there is none. */
export function highestRungWithFps(fps: number): number {
  return Math.max(
    LOWEST_RUNG,
    LADDER.findLastIndex((rung) => rung.fps <= fps),
  );
}
