import { copyParts } from '@/lib/pose/boneParts';
import { copyPose, createPose, type Pose } from '@/lib/pose/pose';
import type { FrameRing, TimedPose } from './frameRing';
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

/** Across a long gap the speeds at its ends say little about the middle: they count for no more than this. */
const REACH_MS = 200;

/** A slope where two secants meet that keeps the cubic from overshooting (Fritsch and Carlson 1980). */
function monotoneSlope(slope: number, before: number, after: number): number {
  if (before * after <= 0) return 0;
  const most = 3 * Math.min(Math.abs(before), Math.abs(after));
  return Math.max(-most, Math.min(most, slope));
}

/**
 * The slope where two secants meet: that of the parabola through the three points, for all but rotations without
 * overshoot.
 */
function slopeAt(index: number, before: number, beforeMs: number, after: number, afterMs: number): number {
  const slope = (afterMs * before + beforeMs * after) / (beforeMs + afterMs);
  return index >= TURNS_AT && index < WEIGHTS_AT ? slope : monotoneSlope(slope, before, after);
}

/**
 * A cubic Hermite piece between two frames, on the frames' own times: rotations through their rotation vectors (in the
 * axes of the first frame), hips, face and gaze without overshoot. A part that only the second frame has is taken from
 * it unchanged (P-10).
 */
class PoseCubic {
  private readonly base = createPose();
  private readonly secant = createTangent();
  private readonly secantBefore = createTangent();
  private readonly secantAfter = createTangent();
  private readonly linear = createTangent();
  private readonly square = createTangent();
  private readonly cube = createTangent();
  private readonly place = createTangent();

  /** Prepares the piece from `from` to `to`; the frames around them, if any, give the speeds at its ends. */
  prepare(before: TimedPose | null, from: TimedPose, to: TimedPose, after: TimedPose | null): void {
    copyPose(to.pose, this.base);
    copyParts(from.pose, from.pose.parts & to.pose.parts, this.base);
    tangentBetween(this.base, to.pose, this.secant);
    const durationMs = to.timeMs - from.timeMs;
    this.setStartSpeeds(before, from, to.pose.parts, durationMs);
    this.setEndSpeeds(to, after, from.pose.parts, durationMs);
    this.turnEndSpeeds();
    this.scaleSpeeds(Math.min(durationMs, REACH_MS), from.pose.parts & to.pose.parts);
    this.setCoefficients();
  }

  /** Writes the pose at `share` (0..1) of the piece into `out`. */
  at(share: number, out: Pose): void {
    const { linear, square, cube, place } = this;
    for (let k = 0; k < TANGENT_LENGTH; k += 1) {
      place[k] = share * (linear[k]! + share * (square[k]! + share * cube[k]!));
    }
    moveAlong(this.base, place, out);
    out.parts = this.base.parts;
  }

  private setStartSpeeds(before: TimedPose | null, from: TimedPose, partsAfter: number, durationMs: number): void {
    const { secant, secantBefore, linear } = this;
    const beforeMs = before ? from.timeMs - before.timeMs : Number.NaN;
    const parts = before ? before.pose.parts & from.pose.parts & partsAfter : 0;
    if (before) tangentBetween(before.pose, from.pose, secantBefore);
    for (let k = 0; k < TANGENT_LENGTH; k += 1) {
      const here = secant[k]! / durationMs;
      const isKnown = (parts & TANGENT_PARTS[k]!) !== 0;
      linear[k] = isKnown ? slopeAt(k, secantBefore[k]! / beforeMs, beforeMs, here, durationMs) : here;
    }
  }

  private setEndSpeeds(to: TimedPose, after: TimedPose | null, partsBefore: number, durationMs: number): void {
    const { secant, secantAfter, square } = this;
    const afterMs = after ? after.timeMs - to.timeMs : Number.NaN;
    const parts = after ? after.pose.parts & to.pose.parts & partsBefore : 0;
    if (after) tangentBetween(to.pose, after.pose, secantAfter);
    for (let k = 0; k < TANGENT_LENGTH; k += 1) {
      const here = secant[k]! / durationMs;
      const isKnown = (parts & TANGENT_PARTS[k]!) !== 0;
      square[k] = isKnown ? slopeAt(k, here, durationMs, secantAfter[k]! / afterMs, afterMs) : here;
    }
  }

  /**
   * Turns the end speeds into the first frame's axes: the inverse right Jacobian of SO(3) to first order, I + [secant]x
   * / 2.
   */
  private turnEndSpeeds(): void {
    const { secant, square } = this;
    for (let at = TURNS_AT; at < WEIGHTS_AT; at += 3) {
      const x = square[at]!;
      const y = square[at + 1]!;
      const z = square[at + 2]!;
      square[at] = x + (secant[at + 1]! * z - secant[at + 2]! * y) / 2;
      square[at + 1] = y + (secant[at + 2]! * x - secant[at]! * z) / 2;
      square[at + 2] = z + (secant[at]! * y - secant[at + 1]! * x) / 2;
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
    const { secant, linear, square, cube } = this;
    for (let k = 0; k < TANGENT_LENGTH; k += 1) {
      const start = linear[k]!;
      const end = square[k]!;
      square[k] = 3 * secant[k]! - 2 * start - end;
      cube[k] = start + end - 2 * secant[k]!;
    }
  }
}

/** How soon an extrapolated motion dies away, ms: bodies swing on for longer than faces. */
const BODY_DAMPING_MS = 300;
const FACE_DAMPING_MS = 60;

/** How much undamped motion `aheadMs` of damped motion amount to, ms. */
function dampedMs(aheadMs: number, dampingMs: number): number {
  return dampingMs * (1 - Math.exp(-aheadMs / dampingMs));
}

/** Speeds a millisecond from one frame straight to the next; 0 for parts that only one of them has. */
function secantSpeeds(from: TimedPose, to: TimedPose, out: PoseTangent): void {
  tangentBetween(from.pose, to.pose, out);
  const parts = from.pose.parts & to.pose.parts;
  const durationMs = to.timeMs - from.timeMs;
  for (let k = 0; k < TANGENT_LENGTH; k += 1) out[k] = (parts & TANGENT_PARTS[k]!) === 0 ? 0 : out[k]! / durationMs;
}

/** Extrapolates after the newest frame: the motion continues and slows down. */
class PoseDrift {
  private newest: TimedPose | null = null;
  private readonly speeds = createTangent();
  private readonly place = createTangent();

  /** Starts from `newest`; without a frame `before` it nothing moves. */
  prepare(before: TimedPose | null, newest: TimedPose): void {
    this.newest = newest;
    if (before) secantSpeeds(before, newest, this.speeds);
    else this.speeds.fill(0);
  }

  /** Writes the pose `aheadMs` after the newest frame into `out`. */
  at(aheadMs: number, out: Pose): void {
    const { newest, speeds, place } = this;
    if (!newest) return;
    const bodyMs = dampedMs(aheadMs, BODY_DAMPING_MS);
    const faceMs = dampedMs(aheadMs, FACE_DAMPING_MS);
    for (let k = 0; k < TANGENT_LENGTH; k += 1) {
      place[k] = speeds[k]! * (k >= WEIGHTS_AT && k < GAZE_AT ? faceMs : bodyMs);
    }
    copyPose(newest.pose, out);
    moveAlong(out, place, out);
  }
}

/** Frames that a piece of the curve is made from: the two around it and one more on either side. */
const PIECE_FRAMES = 4;

/** Which frames a piece is made from: their times, NaN where there is none. */
class PieceKey {
  private readonly timesMs = new Float64Array(PIECE_FRAMES).fill(Number.NaN);

  /** The piece that ends at frame `next` of `ring`. */
  set(ring: FrameRing, next: number): void {
    for (let k = 0; k < PIECE_FRAMES; k += 1) {
      const index = next - 2 + k;
      this.timesMs[k] = index >= 0 && index < ring.count ? ring.at(index).timeMs : Number.NaN;
    }
  }

  copy(other: PieceKey): void {
    this.timesMs.set(other.timesMs);
  }

  equals(other: PieceKey): boolean {
    for (let k = 0; k < PIECE_FRAMES; k += 1) {
      if (!Object.is(this.timesMs[k], other.timesMs[k])) return false;
    }
    return true;
  }

  clear(): void {
    this.timesMs.fill(Number.NaN);
  }
}

/** The curve through a sender's frames: a cubic between two of them, a damped drift after the newest. */
export class PoseCurve {
  private readonly cubic = new PoseCubic();
  private readonly drift = new PoseDrift();
  private readonly wanted = new PieceKey();
  /** The piece that `cubic` or `drift` is prepared for. */
  private readonly prepared = new PieceKey();
  /** The piece that was last drawn from. */
  private readonly drawn = new PieceKey();

  constructor(private readonly ring: FrameRing) {}

  /** Whether the curve at `timeMs`, where it was last drawn, has changed since: later or missing frames have come. */
  hasChangedAt(timeMs: number): boolean {
    this.wanted.set(this.ring, this.ring.indexAfter(timeMs));
    return !this.wanted.equals(this.drawn);
  }

  /** Writes the pose at `timeMs` (sender's time) into `out`; the ring must not be empty. */
  read(timeMs: number, out: Pose): void {
    const { ring } = this;
    const next = ring.indexAfter(timeMs);
    if (next === 0) copyPose(ring.at(0).pose, out);
    else this.readPiece(next, timeMs, out);
  }

  /** Does the same as `read`, and remembers the piece as the one last drawn from. */
  draw(timeMs: number, out: Pose): void {
    this.drawn.set(this.ring, this.ring.indexAfter(timeMs));
    this.read(timeMs, out);
  }

  /** Forgets everything; the ring has been cleared. */
  clear(): void {
    this.prepared.clear();
    this.drawn.clear();
  }

  private readPiece(next: number, timeMs: number, out: Pose): void {
    const { ring } = this;
    this.prepare(next);
    const fromMs = ring.at(next - 1).timeMs;
    if (next === ring.count) this.drift.at(timeMs - fromMs, out);
    else this.cubic.at((timeMs - fromMs) / (ring.at(next).timeMs - fromMs), out);
  }

  private prepare(next: number): void {
    const { ring } = this;
    this.wanted.set(ring, next);
    if (this.wanted.equals(this.prepared)) return;
    this.prepared.copy(this.wanted);
    const before = this.frame(next - 2);
    if (next === ring.count) this.drift.prepare(before, ring.at(next - 1));
    else this.cubic.prepare(before, ring.at(next - 1), ring.at(next), this.frame(next + 1));
  }

  private frame(index: number): TimedPose | null {
    return index >= 0 && index < this.ring.count ? this.ring.at(index) : null;
  }
}
