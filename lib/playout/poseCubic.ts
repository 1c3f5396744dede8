import { copyPose, createPose, type Pose } from '@/lib/pose/pose';
import { copyParts } from './copyParts';
import type { TimedPose } from './frameRing';
import {
  createTangent,
  moveAlong,
  TANGENT_LENGTH,
  TANGENT_PARTS,
  TURNS_AT,
  tangentBetween,
  WEIGHTS_AT,
} from './poseTangent';

/** Across a longer gap the speeds at its ends say little of what lies between; they reach no farther than this. */
const REACH_MS = 200;

/** A slope between two secants that keeps a cubic from overshooting (Fritsch and Carlson 1980). */
function monotoneSlope(slope: number, before: number, after: number): number {
  if (before * after <= 0) return 0;
  const most = 3 * Math.min(Math.abs(before), Math.abs(after));
  return Math.max(-most, Math.min(most, slope));
}

/** The slope where two secants meet: that of the parabola through all three points, for numbers without overshoot. */
function slopeAt(index: number, before: number, beforeMs: number, after: number, afterMs: number): number {
  const slope = (afterMs * before + beforeMs * after) / (beforeMs + afterMs);
  return index >= TURNS_AT && index < WEIGHTS_AT ? slope : monotoneSlope(slope, before, after);
}

/**
 * A cubic Hermite piece between two frames, on the frames' own times: rotations through their rotation vectors (in the
 * axes of the first), hips, face and gaze without overshoot. A part only the second frame has comes from it whole (P-10).
 */
export class PoseCubic {
  private readonly base = createPose();
  private readonly way = createTangent();
  private readonly secantBefore = createTangent();
  private readonly secantAfter = createTangent();
  private readonly linear = createTangent();
  private readonly square = createTangent();
  private readonly cube = createTangent();
  private readonly place = createTangent();

  /** Makes the piece from `from` to `to`; the frames around them, where there are any, give the speeds at its ends. */
  prepare(before: TimedPose | null, from: TimedPose, to: TimedPose, after: TimedPose | null): void {
    copyPose(to.pose, this.base);
    copyParts(from.pose, from.pose.parts & to.pose.parts, this.base);
    tangentBetween(this.base, to.pose, this.way);
    const durationMs = to.timeMs - from.timeMs;
    this.setStartSpeeds(before, from, to.pose.parts, durationMs);
    this.setEndSpeeds(to, after, from.pose.parts, durationMs);
    this.turnEndSpeeds();
    this.scaleSpeeds(Math.min(durationMs, REACH_MS), from.pose.parts & to.pose.parts);
    this.setCoefficients();
  }

  /** Writes the pose `share` (0..1) of the way along the piece into `out`. */
  at(share: number, out: Pose): void {
    const { linear, square, cube, place } = this;
    for (let k = 0; k < TANGENT_LENGTH; k += 1) {
      place[k] = share * (linear[k]! + share * (square[k]! + share * cube[k]!));
    }
    moveAlong(this.base, place, out);
    out.parts = this.base.parts;
  }

  private setStartSpeeds(before: TimedPose | null, from: TimedPose, partsAfter: number, durationMs: number): void {
    const { way, secantBefore, linear } = this;
    const beforeMs = before ? from.timeMs - before.timeMs : Number.NaN;
    const parts = before ? before.pose.parts & from.pose.parts & partsAfter : 0;
    if (before) tangentBetween(before.pose, from.pose, secantBefore);
    for (let k = 0; k < TANGENT_LENGTH; k += 1) {
      const here = way[k]! / durationMs;
      const isKnown = (parts & TANGENT_PARTS[k]!) !== 0;
      linear[k] = isKnown ? slopeAt(k, secantBefore[k]! / beforeMs, beforeMs, here, durationMs) : here;
    }
  }

  private setEndSpeeds(to: TimedPose, after: TimedPose | null, partsBefore: number, durationMs: number): void {
    const { way, secantAfter, square } = this;
    const afterMs = after ? after.timeMs - to.timeMs : Number.NaN;
    const parts = after ? after.pose.parts & to.pose.parts & partsBefore : 0;
    if (after) tangentBetween(to.pose, after.pose, secantAfter);
    for (let k = 0; k < TANGENT_LENGTH; k += 1) {
      const here = way[k]! / durationMs;
      const isKnown = (parts & TANGENT_PARTS[k]!) !== 0;
      square[k] = isKnown ? slopeAt(k, here, durationMs, secantAfter[k]! / afterMs, afterMs) : here;
    }
  }

  /** From the second frame's axes into the first's: the inverse right Jacobian of SO(3) to first order, I + [way]x / 2. */
  private turnEndSpeeds(): void {
    const { way, square } = this;
    for (let at = TURNS_AT; at < WEIGHTS_AT; at += 3) {
      const x = square[at]!;
      const y = square[at + 1]!;
      const z = square[at + 2]!;
      square[at] = x + (way[at + 1]! * z - way[at + 2]! * y) / 2;
      square[at + 1] = y + (way[at + 2]! * x - way[at]! * z) / 2;
      square[at + 2] = z + (way[at]! * y - way[at + 1]! * x) / 2;
    }
  }

  private scaleSpeeds(scaleMs: number, parts: number): void {
    const { linear, square } = this;
    for (let k = 0; k < TANGENT_LENGTH; k += 1) {
      const scale = (parts & TANGENT_PARTS[k]!) === 0 ? 0 : scaleMs;
      linear[k] = linear[k]! * scale;
      square[k] = square[k]! * scale;
    }
  }

  private setCoefficients(): void {
    const { way, linear, square, cube } = this;
    for (let k = 0; k < TANGENT_LENGTH; k += 1) {
      const start = linear[k]!;
      const end = square[k]!;
      square[k] = 3 * way[k]! - 2 * start - end;
      cube[k] = start + end - 2 * way[k]!;
    }
  }
}
