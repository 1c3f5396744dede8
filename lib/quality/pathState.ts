import { IDLE_UPLINK, type Uplink } from './health';
import { LADDER } from './tiers';

/** Waits vary by this share up or down, so that senders that share a path do not step up together. */
const SPREAD = 0.2;

/** The seed after `seed`: a linear congruential generator modulo 2^32 (Numerical Recipes' constants). */
export function nextSeed(seed: number): number {
  return (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
}

/** A factor of 0.8 to 1.2 for a wait. */
export function paceOf(seed: number): number {
  return 1 - SPREAD + (2 * SPREAD * seed) / 0x1_0000_0000;
}

/** Most doublings of a wait. */
const DOUBLINGS_MAX = 6;

/** Longest wait before a rung that has failed is tried again, ms. */
const BACK_OFF_MAX_MS = 300_000;

/** How often a step up to each rung had to be taken back lately; as long as the ladder. */
export type Failures = readonly number[];

/** One more failure at every rung from `first` to `last`. */
export function withFailures(failures: Failures, first: number, last: number): Failures {
  return failures.map((count, rung) => (rung >= first && rung <= last ? Math.min(DOUBLINGS_MAX, count + 1) : count));
}

/** One failure fewer at every rung up to `rung`, which has held. */
export function withProof(failures: Failures, rung: number): Failures {
  return failures.map((count, index) => (index <= rung ? Math.max(0, count - 1) : count));
}

/** How long to wait before a step up to `rung`: `plainMs`, doubled for each failure. */
export function backedOffMs(plainMs: number, failures: Failures, rung: number): number {
  return Math.min(BACK_OFF_MAX_MS, plainMs * 2 ** (failures[rung] ?? 0));
}

/** Why the path holds the quality below the base tier. */
export type PathCause = 'uplink' | 'receivers' | 'budget';

/** A step up, which is taken back if it does harm. */
interface StepUp {
  readonly atMs: number;
  readonly rung: number;
  /** Receivers that were badly off just before. */
  readonly badReceivers: number;
}

/** What is known about the path: the rung it allows, and how it got there. */
export interface PathState {
  readonly rung: number;
  readonly baseRung: number;
  readonly cause: PathCause;
  /** When `rung` last changed, and when it last went down. */
  readonly changedAtMs: number;
  readonly wentDownAtMs: number;
  /** Since when `rung` has had to prove that it holds. */
  readonly provingSinceMs: number;
  readonly uplink: Uplink;
  /** Since when most receivers have seen the poses badly; null while they do not. */
  readonly badSinceMs: number | null;
  /** Since when this sender has been beyond the base tier at the expense of others; null while it is not. */
  readonly unfairSinceMs: number | null;
  /** Since when nothing has spoken against a step up; null while something does. */
  readonly calmSinceMs: number | null;
  /** The newest step up, until it has proved that it holds. */
  readonly stepUp: StepUp | null;
  readonly failures: Failures;
  /** Seed of the next wait: senders must not step up together. */
  readonly seed: number;
}

/** A path about which nothing is known yet. */
export function unknownPath(baseRung: number, nowMs: number, seed: number): PathState {
  return {
    rung: baseRung,
    baseRung,
    cause: 'uplink',
    changedAtMs: nowMs,
    wentDownAtMs: Number.NEGATIVE_INFINITY,
    provingSinceMs: nowMs,
    uplink: IDLE_UPLINK,
    badSinceMs: null,
    unfairSinceMs: null,
    calmSinceMs: null,
    stepUp: null,
    failures: LADDER.map(() => 0),
    seed: seed >>> 0,
  };
}

/** A changed base tier takes along senders at or above it; a sender that is held below it stays there (rule Q-11). */
export function withBase(path: PathState, baseRung: number, nowMs: number): PathState {
  if (baseRung === path.baseRung) return path;
  const isHeldBelow = path.rung < path.baseRung;
  const rung = isHeldBelow ? Math.min(path.rung, baseRung) : baseRung;
  return { ...unknownPath(baseRung, nowMs, path.seed), rung, cause: path.cause };
}
