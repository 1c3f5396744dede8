import type { DetailCaps } from './detailCaps';

/** How well a person is drawn, 0 the best: see {@link DetailCaps}. */
export const TIER_COUNT = 4;

/** Time between two poses by tier, milliseconds; 0 for every frame. */
const INTERVALS_MS = [0, 33, 80, 160] as const;
/** Of somebody outside the picture, whose pose is only kept ready. */
const HIDDEN_INTERVAL_MS = 132;
/** The finest level of detail of a tier. */
export const FINEST_LEVEL = [0, 0, 2, 3] as const;

/** Tier of the person who comes `rank`th, counted from 0. */
export function tierAt(rank: number, { full, half, low }: DetailCaps): number {
  if (rank < full) return 0;
  if (rank < full + half) return 1;
  return rank < full + half + low ? 2 : 3;
}

/** Time between two poses of somebody of a tier, milliseconds; `isHidden`: outside the picture. */
export function poseIntervalMs(tier: number, isHidden: boolean): number {
  if (tier === 0) return 0;
  return isHidden ? HIDDEN_INTERVAL_MS : INTERVALS_MS[tier]!;
}
