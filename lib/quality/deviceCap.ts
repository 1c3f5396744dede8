import { HIGHEST_RUNG, highestRungWithFps, rungOf } from './tiers';

/** How far a slow device holds the quality down. */
export interface DeviceCap {
  /** Highest rung that the device may send at. */
  readonly rung: number;
  /** Since when the device has been too slow for `rung`, or fast enough for more; null while it is not. */
  readonly slowSinceMs: number | null;
  readonly fastSinceMs: number | null;
}

export const NO_DEVICE_CAP: DeviceCap = { rung: HIGHEST_RUNG, slowSinceMs: null, fastSinceMs: null };

/**
 * A device that renders n frames a second sends at most 2 n: sending costs it little, and others render more often. It may
 * send more again once 1.5 n is enough.
 */
const SENT_PER_DRAWN_MAX = 2;
const SENT_PER_DRAWN_EASY = 1.5;
const SLOW_FOR_MS = 5_000;
const FAST_FOR_MS = 20_000;

/** Never below the cheapest base tier, which burdens no device. */
function rungFor(fps: number): number {
  return Math.max(rungOf('low'), highestRungWithFps(fps));
}

/** The cap at `nowMs`, when rendered frames come `frameMs` apart; null while nothing is rendered (rule Q-41). */
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
