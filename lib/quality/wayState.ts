import type { Failures } from './backOff';
import { LADDER } from './ladder';
import { IDLE_UPLINK, type Uplink } from './uplink';

/** Why the way holds the quality below the base tier. */
export type WayCause = 'uplink' | 'receivers' | 'budget';

/** A step up, to be taken back where it does harm. */
export interface Climb {
  readonly atMs: number;
  readonly rung: number;
  /** Receivers who were badly off just before. */
  readonly badReceivers: number;
}

/** What is known of the way that poses take: how high it lets one go, and how it came to that. */
export interface WayState {
  readonly rung: number;
  readonly baseRung: number;
  readonly cause: WayCause;
  /** When `rung` last changed, and when it last went down. */
  readonly changedAtMs: number;
  readonly fellAtMs: number;
  /** Since when `rung` is being proved to hold. */
  readonly provingSinceMs: number;
  readonly uplink: Uplink;
  /** Since when most see one's poses badly; null while they do not. */
  readonly badSinceMs: number | null;
  /** Since when one is beyond the base tier at the cost of others; null while one is not. */
  readonly unfairSinceMs: number | null;
  /** Since when nothing speaks against going up; null while something does. */
  readonly calmSinceMs: number | null;
  /** The newest step up that has not been proved yet. */
  readonly climb: Climb | null;
  readonly failures: Failures;
  /** Seed of the next wait: people who climb must not climb in step. */
  readonly seed: number;
}

/** A way of which nothing is known yet. */
export function unknownWay(baseRung: number, nowMs: number, seed: number): WayState {
  return {
    rung: baseRung,
    baseRung,
    cause: 'uplink',
    changedAtMs: nowMs,
    fellAtMs: Number.NEGATIVE_INFINITY,
    provingSinceMs: nowMs,
    uplink: IDLE_UPLINK,
    badSinceMs: null,
    unfairSinceMs: null,
    calmSinceMs: null,
    climb: null,
    failures: LADDER.map(() => 0),
    seed: seed >>> 0,
  };
}

/** A base tier that changes carries along whoever is at it or above; whoever is held below stays there (rule Q-11). */
export function withBase(way: WayState, baseRung: number, nowMs: number): WayState {
  if (baseRung === way.baseRung) return way;
  const isHeldBelow = way.rung < way.baseRung;
  const rung = isHeldBelow ? Math.min(way.rung, baseRung) : baseRung;
  return { ...unknownWay(baseRung, nowMs, way.seed), rung, cause: way.cause };
}
