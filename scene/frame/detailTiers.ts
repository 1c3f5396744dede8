import type { DetailCaps } from './detailCaps';

/** A person smaller than this (CSS pixels) goes to level 1, then to 2, then to 3. */
const SMALLER_THAN = [340, 150, 60] as const;
/** To return to a finer level a person has to be this much larger than when they left it. */
const HYSTERESIS = 1.15;

/** Height of a person for choosing a level of detail, metres. */
const BODY_HEIGHT_M = 1.6;

/** People who are nearer than this count as this far away, metres. */
const NEAREST_M = 0.1;

/** How large things look on a canvas. */
export interface LodView {
  /** Height of the picture in CSS pixels. */
  readonly heightPx: number;
  /** Vertical field of view, degrees. */
  readonly fov: number;
  /** 1 as designed; 2 switches to coarser levels at twice the size, for slow machines. */
  readonly coarseness: number;
}

/**
 * Turns distances (metres) in place into how tall people at those distances look, CSS pixels. In an array, because V8
 * boxes numbers that functions return.
 */
export function distancesToPixels(distances: Float64Array, view: LodView): void {
  const atOneMetre = (BODY_HEIGHT_M * view.heightPx) / (2 * Math.tan((view.fov * Math.PI) / 360));
  for (let i = 0; i < distances.length; i += 1) distances[i] = atOneMetre / Math.max(NEAREST_M, distances[i]!);
}

/** The level for a person who is `pixels` tall and now drawn at level `current`. */
export function nextLevel(current: number, pixels: number, coarseness: number): number {
  let level = 0;
  for (let i = 0; i < SMALLER_THAN.length; i += 1) {
    const limit = SMALLER_THAN[i]! * coarseness * (current > i ? HYSTERESIS : 1);
    if (pixels < limit) level = i + 1;
  }
  return level;
}

/** Number of tiers: how well a person is drawn, 0 the best; see {@link DetailCaps}. */
export const TIER_COUNT = 4;

/** Time between two poses by tier, milliseconds; 0 means every frame. */
const INTERVALS_MS = [0, 33, 80, 160] as const;
/** The same for a person outside the picture, whose pose is only kept ready. */
const HIDDEN_INTERVAL_MS = 132;
/** The finest level of detail of each tier. */
export const FINEST_LEVEL = [0, 0, 2, 3] as const;

/** Tier of the person at `rank`, counted from 0. */
export function tierAt(rank: number, { full, half, low }: DetailCaps): number {
  if (rank < full) return 0;
  if (rank < full + half) return 1;
  return rank < full + half + low ? 2 : 3;
}

/** Time between two poses of a person in a tier, milliseconds; `isHidden`: outside the picture. */
export function poseIntervalMs(tier: number, isHidden: boolean): number {
  if (tier === 0) return 0;
  return isHidden ? HIDDEN_INTERVAL_MS : INTERVALS_MS[tier]!;
}

/**
 * Whether a pose that is drawn every `intervalMs` and was last drawn at `lastMs` (NaN for never) is due. `phase` (0..1)
 * spreads people over the interval, so that not all are due in the same frame.
 */
export function isPoseDue(lastMs: number, nowMs: number, intervalMs: number, phase: number): boolean {
  if (intervalMs === 0 || Number.isNaN(lastMs)) return true;
  return Math.floor(nowMs / intervalMs + phase) !== Math.floor(lastMs / intervalMs + phase);
}
