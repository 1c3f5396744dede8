import { HIGHEST_RUNG, highestRungWithFps, rungOf } from './tiers';

/** How far a slow device holds the quality down. */
export interface DeviceCap {
  /** Highest rung the device may send at. */
  readonly rung: number;
  /** Since when it has been too slow for `rung`, or fast enough for more; null while neither. */
  readonly slowSinceMs: number | null;
  readonly fastSinceMs: number | null;
}

export const NO_DEVICE_CAP: DeviceCap = { rung: HIGHEST_RUNG, slowSinceMs: null, fastSinceMs: null };

/**
 * A device that draws n frames a second sends at most 2 n: what it sends costs it little, and others draw more often. More
 * again once 1.5 n is enough for that.
 */
const SENT_PER_DRAWN_MAX = 2;
const SENT_PER_DRAWN_EASY = 1.5;
const SLOW_FOR_MS = 5_000;
const FAST_FOR_MS = 20_000;

/** However slow the device, the cheapest base tier is no burden to it. */
function rungFor(fps: number): number {
  return Math.max(rungOf('low'), highestRungWithFps(fps));
}

/** The cap after hearing at `nowMs` that two drawn frames are `frameMs` apart; null where nothing is drawn (rule Q-41). */
export function nextDeviceCap(cap: DeviceCap, frameMs: number | null, nowMs: number): DeviceCap {
  if (frameMs === null || !(frameMs > 0)) return NO_DEVICE_CAP;
  const drawnFps = 1000 / frameMs;
  const bearable = rungFor(drawnFps * SENT_PER_DRAWN_MAX);
  const easy = rungFor(drawnFps * SENT_PER_DRAWN_EASY);
  const slowSinceMs = bearable < cap.rung ? (cap.slowSinceMs ?? nowMs) : null;
  const fastSinceMs = easy > cap.rung ? (cap.fastSinceMs ?? nowMs) : null;
  if (slowSinceMs !== null && nowMs - slowSinceMs >= SLOW_FOR_MS) return { ...NO_DEVICE_CAP, rung: bearable };
  if (fastSinceMs !== null && nowMs - fastSinceMs >= FAST_FOR_MS) return { ...NO_DEVICE_CAP, rung: easy };
  return { rung: cap.rung, slowSinceMs, fastSinceMs };
}
