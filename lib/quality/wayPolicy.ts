import { livelinessOf, rungCeiling } from './budget';
import { climbed, proved } from './climb';
import { fallen, fallTo } from './fall';
import { type Health, healthOf } from './health';
import { HIGHEST_RUNG, LADDER } from './ladder';
import type { QualitySignals } from './quality';
import { nextUplink } from './uplink';
import type { WayState } from './wayState';

/** Measured bandwidth covers the last seconds: after a change it tells of the rung before. */
const MEASURED_AFTER_MS = 3_000;

function ceilingOf(way: WayState, sentRung: number, signals: QualitySignals): number {
  const isMeasured = signals.nowMs - way.changedAtMs >= MEASURED_AFTER_MS;
  return rungCeiling(signals, way.baseRung, isMeasured ? livelinessOf(signals.wireBps, sentRung) : 1);
}

/** What is remembered of a health, whatever comes of it. */
function withTrouble(way: WayState, health: Health, nowMs: number): WayState {
  const isUnfair = health.isUnfair && way.rung > way.baseRung;
  return {
    ...way,
    badSinceMs: health.verdict === 'fine' ? null : (way.badSinceMs ?? nowMs),
    unfairSinceMs: isUnfair ? (way.unfairSinceMs ?? nowMs) : null,
  };
}

/**
 * The way after hearing `signals`, while a slow device sends at `cap` at most. At most one step a call: down where the
 * budget, one's own channel or most receivers ask for it, else up where all has been calm for long enough.
 */
export function nextWay(before: WayState, signals: QualitySignals, cap = HIGHEST_RUNG): WayState {
  const { nowMs } = signals;
  const sentRung = Math.min(before.rung, cap);
  const uplink = nextUplink(before.uplink, signals, LADDER[sentRung]!);
  const ceiling = ceilingOf(before, sentRung, signals);
  if (before.rung > ceiling) return { ...fallTo(before, ceiling, 'budget', nowMs), uplink };
  const health = healthOf(signals, uplink, LADDER[sentRung]!);
  const way = { ...withTrouble(before, health, nowMs), uplink };
  const lower = fallen(way, sentRung, health, nowMs);
  if (lower) return lower;
  // What a device holds down cannot be tried.
  return sentRung < way.rung ? { ...way, calmSinceMs: null } : climbed(proved(way, nowMs), ceiling, health, nowMs);
}
