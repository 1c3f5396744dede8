import { withFailures } from './backOff';
import type { Health } from './health';
import { LADDER, LOWEST_RUNG } from './ladder';
import { nextSeed, paceOf } from './pace';
import type { Uplink } from './uplink';
import type { WayCause, WayState } from './wayState';
import { wireBpsOf } from './wireCost';

/** How soon after a step down the next may follow: once what waited has drained and the others have told of it ... */
const HOLD_MS = 5_000;
/** ... sooner where next to nothing gets through, and at the next look where one's own channel goes on filling. */
const STUCK_HOLD_MS = 2_000;
const FILLING_HOLD_MS = 400;

/** A step down sends at most this share of what was sent before, and this share of what a channel that fills carries. */
const STEP_DOWN_SHARE = 0.7;
const CARRIED_SHARE = 0.8;

/** Whose picture turns bad this soon after a step beyond the base tier suffers from that step. */
const BLAME_MS = 60_000;

/** Where some suffer for this long whatever it comes from, nobody is beyond the base tier. */
const UNFAIR_MS = 15_000;

/** Where all suffer together, whoever is beyond the base tier or went up this lately goes down first; the others wait. */
const NEWCOMER_MS = 20_000;
const PATIENCE_MS = 6_000;

/** The highest rung below that takes little enough. */
function rungBelow(rung: number, { isFull, carriedBps }: Uplink): number {
  const enoughBps = Math.min(
    STEP_DOWN_SHARE * wireBpsOf(LADDER[rung]!),
    isFull && carriedBps !== null ? CARRIED_SHARE * carriedBps : Number.POSITIVE_INFINITY,
  );
  for (let lower = rung - 1; lower > LOWEST_RUNG; lower -= 1) if (wireBpsOf(LADDER[lower]!) <= enoughBps) return lower;
  return LOWEST_RUNG;
}

/** The way one or more rungs lower. A step up that has not proved itself has failed by that, and so has all beyond the base tier. */
export function fallTo(way: WayState, rung: number, cause: WayCause, nowMs: number): WayState {
  const firstFailed = way.climb === null ? way.baseRung + 1 : Math.min(way.rung, way.baseRung + 1);
  const failures = withFailures(way.failures, Math.max(rung + 1, firstFailed), way.rung);
  const fell = {
    changedAtMs: nowMs,
    fellAtMs: nowMs,
    provingSinceMs: nowMs,
    calmSinceMs: null,
    unfairSinceMs: null,
    climb: null,
  };
  return { ...way, ...fell, rung, cause, failures, seed: nextSeed(way.seed) };
}

/** Whether somebody who saw well suffers from one's newest step beyond the base tier (rule Q-32). */
function isToBlame({ climb, baseRung }: WayState, health: Health, nowMs: number): boolean {
  if (!climb || climb.rung <= baseRung || nowMs - climb.atMs > BLAME_MS) return false;
  return health.badReceivers > climb.badReceivers;
}

/** Whether some have seen badly for long while one is beyond the base tier; not everybody gives way at once (rule Q-32). */
function isUnfair({ unfairSinceMs, seed }: WayState, nowMs: number): boolean {
  return unfairSinceMs !== null && nowMs - unfairSinceMs >= UNFAIR_MS * paceOf(seed);
}

/** Whether to leave it to those who are higher, or have gone up more lately, to make room on a way that all share (rule Q-33). */
function isPatient({ rung, baseRung, climb, badSinceMs, uplink }: WayState, health: Health, nowMs: number): boolean {
  if (!health.isShared || uplink.isFull || rung > baseRung) return false;
  const isNewcomer = climb !== null && nowMs - climb.atMs < NEWCOMER_MS;
  return !isNewcomer && nowMs - (badSinceMs ?? nowMs) < PATIENCE_MS;
}

/** Where to go when poses arrive badly: where all suffer together, those beyond the base tier return to it (rule Q-33). */
function rungAfterBad({ baseRung, uplink }: WayState, rung: number, health: Health): number {
  const isGiving = health.isShared && !uplink.isFull && rung > baseRung;
  return isGiving ? baseRung : rungBelow(rung, uplink);
}

/** Whether one's own channel carries less than is sent, for all one knows. */
function isFilling({ isFull, carriedBps }: Uplink, rung: number): boolean {
  return isFull && carriedBps !== null && CARRIED_SHARE * carriedBps < wireBpsOf(LADDER[rung]!);
}

function holdMs({ uplink }: WayState, rung: number, health: Health): number {
  if (isFilling(uplink, rung)) return FILLING_HOLD_MS;
  return health.verdict === 'stuck' ? STUCK_HOLD_MS : HOLD_MS;
}

/** The way after falling from `rung`, or null where nothing asks for it, or the last fall has yet to tell. */
export function fallen(way: WayState, rung: number, health: Health, nowMs: number): WayState | null {
  if (rung === LOWEST_RUNG || nowMs - way.fellAtMs < holdMs(way, rung, health)) return null;
  switch (health.verdict) {
    case 'stuck':
      return fallTo(way, LOWEST_RUNG, health.cause, nowMs);
    case 'bad':
      return isPatient(way, health, nowMs) ? null : fallTo(way, rungAfterBad(way, rung, health), health.cause, nowMs);
    case 'fine':
      return isToBlame(way, health, nowMs) || isUnfair(way, nowMs) ? fallTo(way, rung - 1, 'receivers', nowMs) : null;
  }
}
