import { copyParts } from '@/lib/pose/boneParts';
import { ALL_PARTS, copyPose, createPose, type Pose } from '@/lib/pose/pose';
import {
  createTangent,
  GAZE_AT,
  moveAlong,
  type PoseTangent,
  TANGENT_LENGTH,
  TANGENT_PARTS,
  TURNS_AT,
  tangentBetween,
  WEIGHTS_AT,
} from './poseTangent';

/** Small differences fade at the first rate, to a quarter within 23 ms; the largest no slower than at the second. */
const FADE_MAX_PER_S = 120;
const FADE_MIN_PER_S = 6;
/** Large differences fade more slowly, so that catching up adds at most this much speed to the motion itself. */
const TURN_MAX_RAD_PER_S = (130 * Math.PI) / 180;
const HIPS_MAX_M_PER_S = 0.6;
const WEIGHT_MAX_PER_S = 6;
const GAZE_MAX_RAD_PER_S = 3;

/**
 * Where frames are drawn further apart than this, a difference takes more of them to fade, so that no single frame
 * shows a large part of it at once.
 */
const FADE_STEP_MAX_MS = 50;

/** Differences below this (radians, metres, weights) count as none. */
const NOTHING = 1e-5;
/** A part that was absent for longer does not ease back from where it was. */
const KEPT_MS = 1000;

const PART_COUNT = Math.log2(ALL_PARTS + 1);

/**
 * The rate (1/ms) of a critically damped spring that starts `size` away: its greatest speed is the rate times the size
 * over e.
 */
function fadeRate(size: number, speedMax: number): number {
  const perSecond = (Math.E * speedMax) / Math.max(size, NOTHING);
  return Math.max(FADE_MIN_PER_S, Math.min(FADE_MAX_PER_S, perSecond)) / 1000;
}

function lengthOf(tangent: PoseTangent, start: number, end: number): number {
  let squared = 0;
  for (let at = start; at < end; at += 1) squared += tangent[at]! * tangent[at]!;
  return Math.sqrt(squared);
}

/**
 * Inertial blending: where the drawn curve changes (late frames came, a guess was wrong), the difference to the last
 * drawn pose is kept with its speed and fades like a critically damped spring. So the drawn pose never jumps. Allocates
 * nothing.
 */
export class PoseEasing {
  private readonly offset = createTangent();
  private readonly speed = createTangent();
  /** Rate of each spring, 1/ms. */
  private readonly rate = createTangent();
  private readonly shownStep = createTangent();
  private readonly shown = createPose();
  private readonly shownBefore = createPose();
  private readonly absentMs = new Float64Array(PART_COUNT).fill(Number.POSITIVE_INFINITY);
  private stepMs = 0;
  private partsBefore = 0;
  private isActive = false;

  /** The time between the last two drawn poses; 0 before the second. */
  get lastStepMs(): number {
    return this.stepMs;
  }

  /** Those of `parts` that are absent from the last drawn pose but were drawn recently. */
  returning(parts: number): number {
    let known = 0;
    for (let part = 0; part < PART_COUNT; part += 1) if (this.absentMs[part]! < KEPT_MS) known |= 1 << part;
    return parts & known & ~this.shown.parts;
  }

  /**
   * Starts easing from the last drawn pose. `then` is the curve, as known now, at the time of that pose; `earlier` at
   * the drawn pose before it; `now` at the pose to come. Changes `then` and `earlier`.
   */
  leave(then: Pose, earlier: Pose, now: Pose): void {
    const returning = this.returning(now.parts);
    copyParts(now, returning, then);
    copyParts(now, returning, earlier);
    const known = (then.parts & this.shown.parts) | returning;
    tangentBetween(then, this.shown, this.offset);
    tangentBetween(earlier, then, this.speed);
    tangentBetween(this.shownBefore, this.shown, this.shownStep);
    this.keepKnown(known, this.partsBefore & this.shown.parts & earlier.parts);
    this.setRates();
    this.isActive = true;
  }

  /** Adds what is left of the difference after another `elapsedMs` to `out`, and remembers the result as drawn. */
  apply(out: Pose, elapsedMs: number): void {
    if (this.isActive) {
      this.fade(Math.min(elapsedMs, FADE_STEP_MAX_MS));
      moveAlong(out, this.offset, out);
    }
    this.remember(out, elapsedMs);
  }

  /** Forgets what was drawn. */
  clear(): void {
    this.isActive = false;
    this.stepMs = 0;
    this.shown.parts = 0;
    this.partsBefore = 0;
    this.absentMs.fill(Number.POSITIVE_INFINITY);
  }

  private keepKnown(known: number, moved: number): void {
    const { offset, speed, shownStep, stepMs } = this;
    for (let k = 0; k < TANGENT_LENGTH; k += 1) {
      const part = TANGENT_PARTS[k]!;
      if ((known & part) === 0) offset[k] = 0;
      speed[k] = (moved & known & part) !== 0 && stepMs > 0 ? (shownStep[k]! - speed[k]!) / stepMs : 0;
    }
  }

  private setRates(): void {
    this.setSpring(0, TURNS_AT, HIPS_MAX_M_PER_S);
    for (let at = TURNS_AT; at < WEIGHTS_AT; at += 3) this.setSpring(at, at + 3, TURN_MAX_RAD_PER_S);
    for (let at = WEIGHTS_AT; at < GAZE_AT; at += 1) this.setSpring(at, at + 1, WEIGHT_MAX_PER_S);
    for (let at = GAZE_AT; at < TANGENT_LENGTH; at += 1) this.setSpring(at, at + 1, GAZE_MAX_RAD_PER_S);
  }

  /**
   * One spring for the numbers from `start` to `end`. A difference that grows faster than it may fade is slowed down.
   */
  private setSpring(start: number, end: number, speedMax: number): void {
    const { offset, speed, rate } = this;
    const perMs = fadeRate(lengthOf(offset, start, end), speedMax);
    const hold = Math.min(1, speedMax / 1000 / Math.max(lengthOf(speed, start, end), Number.MIN_VALUE));
    for (let at = start; at < end; at += 1) {
      rate[at] = perMs;
      speed[at] = speed[at]! * hold;
    }
  }

  /** The exact solution of a critically damped spring, so that steps may have any length. */
  private fade(elapsedMs: number): void {
    const { offset, speed, rate } = this;
    let largest = 0;
    for (let k = 0; k < TANGENT_LENGTH; k += 1) {
      const left = Math.exp(-rate[k]! * elapsedMs);
      const pull = speed[k]! + rate[k]! * offset[k]!;
      offset[k] = (offset[k]! + pull * elapsedMs) * left;
      speed[k] = (speed[k]! - rate[k]! * pull * elapsedMs) * left;
      largest = Math.max(largest, Math.abs(offset[k]!));
    }
    this.isActive = largest > NOTHING;
  }

  private remember(out: Pose, elapsedMs: number): void {
    const { shown, absentMs } = this;
    if (elapsedMs > 0) {
      copyPose(shown, this.shownBefore);
      this.partsBefore = shown.parts;
      this.stepMs = elapsedMs;
    }
    copyParts(out, out.parts, shown);
    shown.parts = out.parts;
    for (let part = 0; part < PART_COUNT; part += 1) {
      absentMs[part] = (out.parts & (1 << part)) !== 0 ? 0 : absentMs[part]! + elapsedMs;
    }
  }
}
