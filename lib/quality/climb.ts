import { backedOffMs, withProof } from './backOff';
import type { Health } from './health';
import { nextSeed, paceOf } from './pace';
import type { WayState } from './wayState';

/** How long all must be calm before a step up to the base tier again, and beyond it; times the back-off. */
export const RECOVER_AFTER_MS = 5_000;
export const CLIMB_AFTER_MS = 10_000;

/** A step up that has held this long has proved itself; one taken back earlier has failed. */
export const PROOF_MS = 120_000;

/** The way once its rung has held for long: older failures up to there count less. */
export function proved(way: WayState, nowMs: number): WayState {
  if (nowMs - way.provingSinceMs < PROOF_MS) return way;
  return { ...way, climb: null, failures: withProof(way.failures, way.rung), provingSinceMs: nowMs };
}

/** How long all must be calm before the next step up. */
function waitMs({ rung, baseRung, failures, seed }: WayState): number {
  const plainMs = rung < baseRung ? RECOVER_AFTER_MS : CLIMB_AFTER_MS;
  return backedOffMs(plainMs, failures, rung + 1) * paceOf(seed);
}

/** The way after one step up, where all has been calm for long enough and `ceiling` allows it; else as it was. */
export function climbed(way: WayState, ceiling: number, health: Health, nowMs: number): WayState {
  const isCalm = way.rung < way.baseRung ? health.mayRecover : health.mayClimb;
  if (!isCalm) return { ...way, calmSinceMs: null };
  if (way.calmSinceMs === null) return { ...way, calmSinceMs: nowMs };
  if (way.rung >= ceiling || nowMs - way.calmSinceMs < waitMs(way)) return way;
  const rung = way.rung + 1;
  const climb = { atMs: nowMs, rung, badReceivers: health.badReceivers };
  const rose = { changedAtMs: nowMs, provingSinceMs: nowMs, calmSinceMs: nowMs };
  return { ...way, ...rose, rung, climb, seed: nextSeed(way.seed) };
}
