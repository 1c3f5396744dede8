import { CHANNEL_COUNT } from './channels';
import { GREATEST, LEAST, PLACES_PER_STEP, STEPS } from './steps';

/** Velocities count 1/1024 of a lattice place a millisecond. */
const VELOCITY_SHIFT = 10;
const VELOCITY_HALF = 1 << (VELOCITY_SHIFT - 1);
const VELOCITY_LIMIT = 1 << 22;
/** Longer spans predict no further ahead than this, ms. */
const SPAN_MAX_MS = 255;
/** A residual changes the velocity by this share of itself over the span, 1/256, before the velocity slows down. */
const VELOCITY_GAIN = 140;
/** 1024 velocities a place times 256 places a step, over the 256ths of the gain and of what is kept. */
const GAIN_UNIT = 4;
/** Share of the velocity that is left after 1/30 s, 1/256. */
const VELOCITY_KEEP = 200;
const KEEP_SHIFT = 8;
/** Added to negative numbers before the shift, so that they round towards zero and not down. */
const KEEP_CEILING = (1 << KEEP_SHIFT) - 1;
const KEEP_SPAN_MS = 32;
/** Larger residuals change the velocity no more than this, steps. */
const VELOCITY_RESIDUAL_MAX = 255;

/** A frame's place between two anchors counts 1/256. */
const BLEND_SHIFT = 8;
const BLEND_HALF = 1 << (BLEND_SHIFT - 1);
/** A longer distance between anchors, 1/256 step, is a leap with nothing in between. */
const DISTANCE_LIMIT = 1 << 22;

/**
 * The place of every channel on its lattice, 1/256 step, and how fast it moves: everything that prediction knows. Whole
 * numbers, the same on both sides.
 */
export class Lattice {
  /** The newest anchor and the one before it. */
  anchor = new Int32Array(CHANNEL_COUNT);
  before = new Int32Array(CHANNEL_COUNT);
  readonly velocity = new Int32Array(CHANNEL_COUNT);
  private readonly least = new Int32Array(CHANNEL_COUNT);
  private readonly greatest = new Int32Array(CHANNEL_COUNT);
  private spanMs = 0;
  private gain = 0;
  private keep = 0;

  /** Forgets all motion and takes over the bounds of a compression. */
  reset(compression: number): void {
    const steps = STEPS[compression]!;
    for (let channel = 0; channel < CHANNEL_COUNT; channel += 1) {
      this.least[channel] = Math.trunc((LEAST[channel]! * PLACES_PER_STEP) / steps[channel]!);
      this.greatest[channel] = Math.trunc((GREATEST[channel]! * PLACES_PER_STEP) / steps[channel]!);
    }
    this.anchor.fill(0);
    this.before.fill(0);
    this.velocity.fill(0);
  }

  /** Starts an anchor `spanMs` after the present one, which becomes the one before. */
  startAnchor(spanMs: number): void {
    const free = this.before;
    this.before = this.anchor;
    this.anchor = free;
    this.spanMs = Math.max(1, Math.min(SPAN_MAX_MS, spanMs));
    this.keep = keepOver(this.spanMs);
    this.gain = Math.trunc((VELOCITY_GAIN * this.keep * GAIN_UNIT) / this.spanMs);
  }

  /**
   * Moves `count` channels of the present anchor from `first` on to where they are expected, and slows them down.
   * Returns the longest distance that one of them moves.
   */
  predictAnchor(first: number, count: number): number {
    const { before, anchor, velocity, spanMs, keep } = this;
    let furthest = 0;
    for (let channel = first; channel < first + count; channel += 1) {
      const from = before[channel]!;
      const speed = velocity[channel]!;
      const ahead = (Math.imul(speed, spanMs) + VELOCITY_HALF) >> VELOCITY_SHIFT;
      const place = this.bounded(channel, from + ahead);
      anchor[channel] = place;
      velocity[channel] = (Math.imul(speed, keep) + (speed < 0 ? KEEP_CEILING : 0)) >> KEEP_SHIFT;
      const distance = Math.abs(place - from);
      if (distance > furthest) furthest = distance;
    }
    return furthest;
  }

  /**
   * Moves channels of `places` to where they are expected at `blend` / 256 between the anchor before and the present
   * one. Returns the longest distance between the anchors.
   */
  predictBetween(first: number, count: number, blend: number, places: Int32Array): number {
    const { before, anchor } = this;
    let furthest = 0;
    for (let channel = first; channel < first + count; channel += 1) {
      const from = before[channel]!;
      const apart = anchor[channel]! - from;
      const bounded = Math.max(-DISTANCE_LIMIT, Math.min(DISTANCE_LIMIT, apart));
      places[channel] = from + ((Math.imul(bounded, blend) + BLEND_HALF) >> BLEND_SHIFT);
      const distance = Math.abs(apart);
      if (distance > furthest) furthest = distance;
    }
    return furthest;
  }

  /** Moves channels of `places` by residuals, whole steps. */
  correct(first: number, count: number, residuals: Int32Array, places: Int32Array): void {
    for (let channel = first; channel < first + count; channel += 1) {
      const residual = residuals[channel]!;
      if (residual !== 0) places[channel] = this.bounded(channel, places[channel]! + residual * PLACES_PER_STEP);
    }
  }

  /** Corrects velocities by residuals. */
  correctVelocity(first: number, count: number, residuals: Int32Array): void {
    for (let channel = first; channel < first + count; channel += 1) {
      const residual = Math.max(-VELOCITY_RESIDUAL_MAX, Math.min(VELOCITY_RESIDUAL_MAX, residuals[channel]!));
      const speed = this.velocity[channel]! + residual * this.gain;
      this.velocity[channel] = Math.max(-VELOCITY_LIMIT, Math.min(VELOCITY_LIMIT, speed));
    }
  }

  /** Sets a channel of the present anchor to `steps` whole steps, at rest, as if it had been there all along. */
  setAbsolute(channel: number, steps: number): void {
    const place = this.bounded(channel, steps * PLACES_PER_STEP);
    this.anchor[channel] = place;
    this.before[channel] = place;
    this.velocity[channel] = 0;
  }

  private bounded(channel: number, place: number): number {
    const least = this.least[channel]!;
    if (place < least) return least;
    const greatest = this.greatest[channel]!;
    return Math.min(place, greatest);
  }
}

/** Where a frame lies between two anchors, 1/256, by its time after the first of them. */
export function blendAt(afterMs: number, spanMs: number): number {
  return Math.floor((afterMs << BLEND_SHIFT) / Math.max(1, spanMs));
}

/** Share of a velocity that is left after `spanMs`, 1/256: compounded over whole 32 ms, linear in between. */
function keepOver(spanMs: number): number {
  let keep = 1 << KEEP_SHIFT;
  let left = spanMs;
  while (left >= KEEP_SPAN_MS) {
    keep = (keep * VELOCITY_KEEP) >> KEEP_SHIFT;
    left -= KEEP_SPAN_MS;
  }
  const part = (1 << KEEP_SHIFT) - Math.trunc((((1 << KEEP_SHIFT) - VELOCITY_KEEP) * left) / KEEP_SPAN_MS);
  return (keep * part) >> KEEP_SHIFT;
}
