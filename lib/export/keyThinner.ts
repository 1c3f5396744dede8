import { expQuat, logQuat, mulConjugateQuat, mulQuat, normalizeQuat } from '@/lib/pose/quat';

/** The keys of one channel, thinned. */
export interface Keys {
  /** Seconds, growing. */
  readonly times: Float32Array;
  /** As many values for each time as the channel has numbers. */
  readonly values: Float32Array;
}

/** Values between two keys, at most: all of them are looked at for each new one. */
const BETWEEN_MAX = 128;
/** A line is moved so often, towards the value it misses most, before it is given up. */
const MOVES_MAX = 24;
/** It is moved this share of the tolerance farther than needed, so that it arrives. */
const MARGIN = 0.01;

/**
 * Keeps as few keys of a channel as a straight line from key to key needs to stay within a tolerance of every value: a line leaves the
 * key before and goes on as long as one passes near enough by all values since; the next key is its end. So keys are near values, not
 * among them, but for the first. Memory for the keys alone.
 */
abstract class Thinner {
  private readonly times: number[] = [];
  private readonly kept: number[] = [];
  /** The values since the last key, as seen from it, and their times after it. */
  private readonly between: Float64Array;
  private readonly afterS = new Float64Array(BETWEEN_MAX);
  private betweenCount = 0;
  /** How much of the line from the last key a second is, and one that is tried. */
  private readonly slope: Float64Array;
  private readonly tried: Float64Array;
  /** A value as seen from the last key. */
  protected readonly offset: Float64Array;
  protected readonly anchor: Float64Array;
  private readonly last: Float64Array;
  private anchorS = Number.NaN;
  private lastS = Number.NaN;

  /**
   * `size`: numbers of a value; `axes`: of its difference from another one, whose length stays within `tolerance`; `reach`: the longest
   * line between two keys.
   */
  constructor(
    private readonly size: number,
    private readonly axes: number,
    private readonly tolerance: number,
    private readonly reach: number,
  ) {
    this.anchor = new Float64Array(size);
    this.last = new Float64Array(size);
    this.offset = new Float64Array(axes);
    this.slope = new Float64Array(axes);
    this.tried = new Float64Array(axes);
    this.between = new Float64Array(BETWEEN_MAX * axes);
  }

  /** Whether no value has been added. */
  get isEmpty(): boolean {
    return this.times.length === 0;
  }

  /** Adds the value at `at` of `values`, at `timeS`, which is later than the one before. */
  add(timeS: number, values: ArrayLike<number>, at: number): void {
    if (this.isEmpty) {
      for (let k = 0; k < this.size; k += 1) this.anchor[k] = values[at + k]!;
      this.keepAnchor(timeS);
    } else if (!this.follows(timeS, values, at)) {
      this.keepEnd();
      this.follows(timeS, values, at);
    }
    for (let k = 0; k < this.size; k += 1) this.last[k] = values[at + k]!;
    this.lastS = timeS;
  }

  /** Holds the last value until `timeS`, where it was not followed by another one for long. */
  hold(timeS: number): void {
    if (!this.isEmpty && timeS > this.lastS) this.add(timeS, Float64Array.from(this.last), 0);
  }

  /** All keys. Nothing may be added after it. */
  finish(): Keys {
    if (this.lastS > this.anchorS) this.keepEnd();
    return { times: Float32Array.from(this.times), values: Float32Array.from(this.kept) };
  }

  /** Writes how a value differs from the last key into `offset`. */
  protected abstract setOffset(values: ArrayLike<number>, at: number): void;

  /** Moves `anchor` by `offset`. */
  protected abstract moveAnchor(): void;

  private keepAnchor(timeS: number): void {
    this.times.push(timeS);
    for (let k = 0; k < this.size; k += 1) this.kept.push(this.anchor[k]!);
    this.anchorS = timeS;
    this.betweenCount = 0;
  }

  /** Ends the line at the time of the last value. */
  private keepEnd(): void {
    for (let axis = 0; axis < this.axes; axis += 1) this.offset[axis] = this.slope[axis]! * (this.lastS - this.anchorS);
    this.moveAnchor();
    this.keepAnchor(this.lastS);
  }

  /**
   * Whether a line from the last key passes near enough by this value too; the line is then the one to go on with. It turns no more than it
   * must: so it runs through the middle of values that waver.
   */
  private follows(timeS: number, values: ArrayLike<number>, at: number): boolean {
    const { betweenCount, axes } = this;
    if (betweenCount === BETWEEN_MAX) return false;
    this.setOffset(values, at);
    const afterS = timeS - this.anchorS;
    this.between.set(this.offset, betweenCount * axes);
    this.afterS[betweenCount] = afterS;
    this.tried.set(this.slope);
    if (!this.findLine(betweenCount + 1) || lengthOf(this.tried) * afterS > this.reach) {
      if (betweenCount > 0) return false;
      for (let axis = 0; axis < axes; axis += 1) this.tried[axis] = this.offset[axis]! / afterS;
    }
    this.slope.set(this.tried);
    this.betweenCount += 1;
    return true;
  }

  /** Moves `tried` until it passes near enough by the first `count` values; whether it does. */
  private findLine(count: number): boolean {
    for (let move = 0; move < MOVES_MAX; move += 1) {
      const worst = this.worstOf(count);
      if (worst < 0) return true;
      this.moveTowards(worst);
    }
    return this.worstOf(count) < 0;
  }

  /** The value, of the first `count`, that `tried` misses by the most; -1 if it misses none. */
  private worstOf(count: number): number {
    let worst = -1;
    let most = this.tolerance;
    for (let k = 0; k < count; k += 1) {
      const miss = this.missOf(k);
      if (!(miss <= most)) {
        most = miss;
        worst = k;
      }
    }
    return worst;
  }

  private missOf(k: number): number {
    const { between, tried, axes } = this;
    const afterS = this.afterS[k]!;
    let squared = 0;
    for (let axis = 0; axis < axes; axis += 1) {
      const miss = between[k * axes + axis]! - tried[axis]! * afterS;
      squared += miss * miss;
    }
    return Math.sqrt(squared);
  }

  private moveTowards(k: number): void {
    const { between, tried, axes, tolerance } = this;
    const afterS = this.afterS[k]!;
    const miss = this.missOf(k);
    const share = (miss - tolerance * (1 - MARGIN)) / miss;
    for (let axis = 0; axis < axes; axis += 1) {
      tried[axis]! += (share * (between[k * axes + axis]! - tried[axis]! * afterS)) / afterS;
    }
  }
}

function lengthOf(vector: Float64Array): number {
  let squared = 0;
  for (const value of vector) squared += value * value;
  return Math.sqrt(squared);
}

/** Thins vectors of `size` numbers to within `tolerance` of their length. */
export class VectorThinner extends Thinner {
  constructor(
    private readonly length: number,
    tolerance: number,
  ) {
    super(length, length, tolerance, Number.POSITIVE_INFINITY);
  }

  protected override setOffset(values: ArrayLike<number>, at: number): void {
    for (let k = 0; k < this.length; k += 1) this.offset[k] = values[at + k]! - this.anchor[k]!;
  }

  protected override moveAnchor(): void {
    for (let k = 0; k < this.length; k += 1) this.anchor[k]! += this.offset[k]!;
  }
}

/** Beyond half a turn the shorter way is the other one. */
const TURN_MAX_RAD = 3;

const turn = new Float64Array(4);
const given = new Float64Array(4);

/**
 * Thins rotations to within `toleranceRad` of a constant turn from key to key. It works on rotation vectors as seen from the last key:
 * two rotations are never farther apart than their vectors. Each key has the sign of the one before, so that players that don't
 * choose the shorter way turn the same.
 */
export class RotationThinner extends Thinner {
  constructor(toleranceRad: number) {
    super(4, 3, toleranceRad, TURN_MAX_RAD);
  }

  protected override setOffset(values: ArrayLike<number>, at: number): void {
    for (let k = 0; k < 4; k += 1) given[k] = values[at + k]!;
    mulConjugateQuat(this.anchor, 0, given, 0, turn, 0);
    logQuat(turn, 0, this.offset, 0);
  }

  protected override moveAnchor(): void {
    expQuat(this.offset, 0, turn, 0);
    mulQuat(this.anchor, 0, turn, 0, this.anchor, 0);
    normalizeQuat(this.anchor, 0);
  }
}
