import { livelinessOf, rungCeiling, wireBpsOf } from './budget';
import { type Health, healthOf, nextUplink, type Uplink } from './health';
import { backedOffMs, nextSeed, type PathCause, type PathState, paceOf, withFailures, withProof } from './pathState';
import type { QualitySignals } from './quality';
import { HIGHEST_RUNG, LADDER, LOWEST_RUNG } from './tiers';

/** Time between two steps down: until the backlog has drained and the others have reported ... */
const HOLD_MS = 5_000;
/** ... less if next to nothing gets through, and one look if the sender's own channel goes on filling. */
const STUCK_HOLD_MS = 2_000;
const FILLING_HOLD_MS = 400;

/** A step down sends at most this share of what was sent before, and of what a channel that fills up carries. */
const STEP_DOWN_SHARE = 0.7;
const CARRIED_SHARE = 0.8;

/** A receiver that turns bad this soon after a step beyond the base tier suffers from that step. */
const BLAME_MS = 60_000;

/** If some receivers suffer for this long, for whatever reason, senders give up what is beyond the base tier. */
const UNFAIR_MS = 15_000;

/** If all suffer together, senders beyond the base tier and those that stepped up this recently go down first; the others wait. */
const NEWCOMER_MS = 20_000;
const PATIENCE_MS = 6_000;

/** The highest rung below `rung` that sends little enough. */
function rungBelow(rung: number, { isFull, carriedBps }: Uplink): number {
  const enoughBps = Math.min(
    STEP_DOWN_SHARE * wireBpsOf(LADDER[rung]!),
    isFull && carriedBps !== null ? CARRIED_SHARE * carriedBps : Number.POSITIVE_INFINITY,
  );
  for (let lower = rung - 1; lower > LOWEST_RUNG; lower -= 1) if (wireBpsOf(LADDER[lower]!) <= enoughBps) return lower;
  return LOWEST_RUNG;
}

/** The path one or more rungs lower. An unproved step up has failed by that, and so has everything beyond the base tier. */
function stepDownTo(path: PathState, rung: number, cause: PathCause, nowMs: number): PathState {
  const firstFailed = path.stepUp === null ? path.baseRung + 1 : Math.min(path.rung, path.baseRung + 1);
  const failures = withFailures(path.failures, Math.max(rung + 1, firstFailed), path.rung);
  const changed = {
    changedAtMs: nowMs,
    wentDownAtMs: nowMs,
    provingSinceMs: nowMs,
    calmSinceMs: null,
    unfairSinceMs: null,
    stepUp: null,
  };
  return { ...path, ...changed, rung, cause, failures, seed: nextSeed(path.seed) };
}

/** Whether a receiver that saw well suffers from the newest step beyond the base tier (rule Q-32). */
function isToBlame({ stepUp, baseRung }: PathState, health: Health, nowMs: number): boolean {
  if (!stepUp || stepUp.rung <= baseRung || nowMs - stepUp.atMs > BLAME_MS) return false;
  return health.badReceivers > stepUp.badReceivers;
}

/** Whether some have seen badly for long while this sender is beyond the base tier; senders do not all give way at once (rule Q-32). */
function isUnfair({ unfairSinceMs, seed }: PathState, nowMs: number): boolean {
  return unfairSinceMs !== null && nowMs - unfairSinceMs >= UNFAIR_MS * paceOf(seed);
}

/** Whether to let senders that are higher, or stepped up more recently, make room on a shared path first (rule Q-33). */
function isPatient({ rung, baseRung, stepUp, badSinceMs, uplink }: PathState, health: Health, nowMs: number): boolean {
  if (!health.isShared || uplink.isFull || rung > baseRung) return false;
  const isNewcomer = stepUp !== null && nowMs - stepUp.atMs < NEWCOMER_MS;
  return !isNewcomer && nowMs - (badSinceMs ?? nowMs) < PATIENCE_MS;
}

/** The rung to go to when poses arrive badly. If all suffer together, senders beyond the base tier return to it (rule Q-33). */
function rungAfterBad({ baseRung, uplink }: PathState, rung: number, health: Health): number {
  const isGiving = health.isShared && !uplink.isFull && rung > baseRung;
  return isGiving ? baseRung : rungBelow(rung, uplink);
}

/** Whether the sender's own channel is known to carry less than is sent. */
function isFilling({ isFull, carriedBps }: Uplink, rung: number): boolean {
  return isFull && carriedBps !== null && CARRIED_SHARE * carriedBps < wireBpsOf(LADDER[rung]!);
}

function holdMs({ uplink }: PathState, rung: number, health: Health): number {
  if (isFilling(uplink, rung)) return FILLING_HOLD_MS;
  return health.verdict === 'stuck' ? STUCK_HOLD_MS : HOLD_MS;
}

/** The path after a step down from `rung`; null if nothing asks for one, or the last one has not had its effect yet. */
function stepDown(path: PathState, rung: number, health: Health, nowMs: number): PathState | null {
  if (rung === LOWEST_RUNG || nowMs - path.wentDownAtMs < holdMs(path, rung, health)) return null;
  switch (health.verdict) {
    case 'stuck':
      return stepDownTo(path, LOWEST_RUNG, health.cause, nowMs);
    case 'bad':
      return isPatient(path, health, nowMs)
        ? null
        : stepDownTo(path, rungAfterBad(path, rung, health), health.cause, nowMs);
    case 'fine':
      return isToBlame(path, health, nowMs) || isUnfair(path, nowMs)
        ? stepDownTo(path, rung - 1, 'receivers', nowMs)
        : null;
  }
}

/** How long it must be calm before a step up towards the base tier, and beyond it; times the back-off. */
export const RECOVER_AFTER_MS = 5_000;
const STEP_UP_AFTER_MS = 10_000;

/** A step up that holds this long has proved itself; one that is taken back earlier has failed. */
const PROOF_MS = 120_000;

/** The path once its rung has held for long: older failures up to that rung count less. */
function proved(path: PathState, nowMs: number): PathState {
  if (nowMs - path.provingSinceMs < PROOF_MS) return path;
  return { ...path, stepUp: null, failures: withProof(path.failures, path.rung), provingSinceMs: nowMs };
}

/** How long it must be calm before the next step up. */
function waitMs({ rung, baseRung, failures, seed }: PathState): number {
  const plainMs = rung < baseRung ? RECOVER_AFTER_MS : STEP_UP_AFTER_MS;
  return backedOffMs(plainMs, failures, rung + 1) * paceOf(seed);
}

/** The path after one step up, if it has been calm for long enough and `ceiling` allows it; else unchanged. */
function stepUp(path: PathState, ceiling: number, health: Health, nowMs: number): PathState {
  const isCalm = path.rung < path.baseRung ? health.mayRecover : health.mayStepUp;
  if (!isCalm) return { ...path, calmSinceMs: null };
  if (path.calmSinceMs === null) return { ...path, calmSinceMs: nowMs };
  if (path.rung >= ceiling || nowMs - path.calmSinceMs < waitMs(path)) return path;
  const rung = path.rung + 1;
  const latest = { atMs: nowMs, rung, badReceivers: health.badReceivers };
  const rose = { changedAtMs: nowMs, provingSinceMs: nowMs, calmSinceMs: nowMs };
  return { ...path, ...rose, rung, stepUp: latest, seed: nextSeed(path.seed) };
}

/** The measured bandwidth covers the last seconds: just after a change it belongs to the rung before. */
const MEASURED_AFTER_MS = 3_000;

function ceilingOf(path: PathState, sentRung: number, signals: QualitySignals): number {
  const isMeasured = signals.nowMs - path.changedAtMs >= MEASURED_AFTER_MS;
  return rungCeiling(signals, path.baseRung, isMeasured ? livelinessOf(signals.wireBps, sentRung) : 1);
}

/** The path with the trouble that `health` shows noted down. */
function withTrouble(path: PathState, health: Health, nowMs: number): PathState {
  const isUnfair = health.isUnfair && path.rung > path.baseRung;
  return {
    ...path,
    badSinceMs: health.verdict === 'fine' ? null : (path.badSinceMs ?? nowMs),
    unfairSinceMs: isUnfair ? (path.unfairSinceMs ?? nowMs) : null,
  };
}

/**
 * The path after `signals`, while a slow device sends at `cap` at most. Takes at most one step: down if the budget, the
 * sender's own channel or most receivers ask for it, else up if it has been calm for long enough.
 */
export function nextPath(before: PathState, signals: QualitySignals, cap = HIGHEST_RUNG): PathState {
  const { nowMs } = signals;
  const sentRung = Math.min(before.rung, cap);
  const uplink = nextUplink(before.uplink, signals, LADDER[sentRung]!);
  const ceiling = ceilingOf(before, sentRung, signals);
  if (before.rung > ceiling) return { ...stepDownTo(before, ceiling, 'budget', nowMs), uplink };
  const health = healthOf(signals, uplink, LADDER[sentRung]!);
  const path = { ...withTrouble(before, health, nowMs), uplink };
  const lower = stepDown(path, sentRung, health, nowMs);
  if (lower) return lower;
  // A rung that the device does not reach cannot be tried.
  return sentRung < path.rung ? { ...path, calmSinceMs: null } : stepUp(proved(path, nowMs), ceiling, health, nowMs);
}
