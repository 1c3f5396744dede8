import type { NumberArray } from '@/lib/pose/quat';

/** Settings of a One Euro filter. */
export interface OneEuroSettings {
  /** Cutoff at rest, Hz. */
  readonly minCutoffHz: number;
  /** Hz that each unit of speed adds (units of the values a second). */
  readonly beta: number;
  /** Cutoff of the speed itself, Hz. */
  readonly speedCutoffHz: number;
}

/** Share of a new value that a low-pass filter of `cutoffHz` takes over after `seconds`. */
function lowPassShare(cutoffHz: number, seconds: number): number {
  return 1 / (1 + 1 / (2 * Math.PI * cutoffHz * seconds));
}

/**
 * A One Euro filter (Casiez, Roussel, Vogel 2012) over `groups` of `size` numbers each. The numbers of a group share the
 * cutoff of their common speed, so that a point keeps its direction. Allocates nothing.
 */
export class OneEuro {
  /** The filtered numbers. */
  readonly values: Float64Array;
  private readonly speeds: Float64Array;
  private isEmpty = true;

  constructor(
    private readonly groups: number,
    private readonly size: number,
    private readonly settings: OneEuroSettings,
  ) {
    this.values = new Float64Array(groups * size);
    this.speeds = new Float64Array(groups * size);
  }

  /** Whether it has taken no value since it was made or last forgot. */
  get isFresh(): boolean {
    return this.isEmpty;
  }

  /** Starts again with the next values. */
  forget(): void {
    this.isEmpty = true;
  }

  /** Takes finite numbers, read `elapsedMs` after the previous ones. */
  advance(raw: NumberArray, elapsedMs: number): void {
    if (this.isEmpty) {
      this.values.set(raw);
      this.speeds.fill(0);
      this.isEmpty = false;
      return;
    }
    if (!(elapsedMs > 0)) return;
    for (let group = 0; group < this.groups; group += 1) this.advanceGroup(raw, group * this.size, elapsedMs / 1000);
  }

  private advanceGroup(raw: NumberArray, start: number, seconds: number): void {
    const { values, speeds, settings, size } = this;
    const speedShare = lowPassShare(settings.speedCutoffHz, seconds);
    let squared = 0;
    for (let at = start; at < start + size; at += 1) {
      speeds[at] = speeds[at]! + speedShare * ((raw[at]! - values[at]!) / seconds - speeds[at]!);
      squared += speeds[at]! * speeds[at]!;
    }
    const share = lowPassShare(settings.minCutoffHz + settings.beta * Math.sqrt(squared), seconds);
    for (let at = start; at < start + size; at += 1) values[at] = values[at]! + share * (raw[at]! - values[at]!);
  }
}

/** Past readings that are kept. */
const PAST = 3;
/** A calmer measurement is believed soon, a less calm one late: motion looks like jitter only for a moment. */
const FALL_SECONDS = 0.25;
const RISE_SECONDS = 2;

/**
 * Measures how much points jitter while they move: how far each reading lies from the parabola through the three before it.
 * Smooth motion follows that parabola; white noise of standard deviation s strays from it by s times the root of 1 + the sum
 * of the squared weights (20 at an even pace). Allocates nothing.
 */
export class JitterMeter {
  /** Standard deviation of each group, over all its numbers together. */
  readonly deviations: Float64Array;
  private readonly past: readonly Float64Array[];
  private readonly ageSeconds = new Float64Array(PAST);
  private readonly weights = new Float64Array(PAST);
  private known = 0;

  constructor(
    private readonly groups: number,
    private readonly size: number,
  ) {
    this.deviations = new Float64Array(groups);
    this.past = Array.from({ length: PAST }, () => new Float64Array(groups * size));
  }

  forget(): void {
    this.known = 0;
    this.deviations.fill(0);
  }

  /** Takes finite numbers, read `seconds` (above 0) after the previous ones. */
  advance(raw: NumberArray, seconds: number): void {
    for (let k = 0; k < PAST; k += 1) this.ageSeconds[k] = this.ageSeconds[k]! + seconds;
    if (this.known >= PAST) this.measure(raw, seconds);
    this.remember(raw);
  }

  /** Lagrange's weights of the past readings for now, and their common scale. */
  private weigh(): number {
    const [a, b, c] = [this.ageSeconds[0]!, this.ageSeconds[1]!, this.ageSeconds[2]!];
    this.weights[0] = (b * c) / ((b - a) * (c - a));
    this.weights[1] = (a * c) / ((a - b) * (c - b));
    this.weights[2] = (a * b) / ((a - c) * (b - c));
    let squares = 1;
    for (let k = 0; k < PAST; k += 1) squares += this.weights[k]! * this.weights[k]!;
    return squares;
  }

  private measure(raw: NumberArray, seconds: number): void {
    const squares = this.weigh();
    const fall = 1 - Math.exp(-seconds / FALL_SECONDS);
    const rise = 1 - Math.exp(-seconds / RISE_SECONDS);
    for (let group = 0; group < this.groups; group += 1) {
      const variance = this.strayed(raw, group * this.size) / squares;
      const before = this.deviations[group]! * this.deviations[group]!;
      const share = this.known === PAST ? 1 : variance < before ? fall : rise;
      this.deviations[group] = Math.sqrt(before + share * (variance - before));
    }
    this.known = PAST + 1;
  }

  private strayed(raw: NumberArray, start: number): number {
    const { past, weights } = this;
    let sum = 0;
    for (let at = start; at < start + this.size; at += 1) {
      const expected = weights[0]! * past[0]![at]! + weights[1]! * past[1]![at]! + weights[2]! * past[2]![at]!;
      sum += (raw[at]! - expected) * (raw[at]! - expected);
    }
    return sum;
  }

  private remember(raw: NumberArray): void {
    for (let k = PAST - 1; k > 0; k -= 1) {
      this.past[k]!.set(this.past[k - 1]!);
      this.ageSeconds[k] = this.ageSeconds[k - 1]!;
    }
    this.past[0]!.set(raw);
    this.ageSeconds[0] = 0;
    if (this.known < PAST) this.known += 1;
  }
}

/** Settings of a point filter: those of a One Euro filter for points that jitter as a webcam's do. */
export interface PointFilterSettings extends OneEuroSettings {
  /** Jitter (standard deviation of a point) from which the settings hold; calmer points are followed more closely. */
  readonly jitter: number;
}

/** Points without any jitter are followed this many times more closely. */
const CLOSER_MAX = 16;
/** Speeds up to this many standard deviations of what jitter alone causes count as zero. */
const SPEED_DEVIATIONS = 4;

/**
 * A One Euro filter over points of three numbers that measures each point's jitter (see {@link JitterMeter}): cutoff and
 * beta grow with the square of how much calmer the point is, and only speed beyond what jitter causes counts. So points at
 * rest stay at rest in poor light, and exact points are hardly delayed. Allocates nothing.
 */
export class PointFilter {
  /** The filtered points, x y z each. */
  readonly values: Float64Array;
  private readonly speeds: Float64Array;
  private readonly jitter: JitterMeter;
  private isEmpty = true;

  constructor(
    private readonly points: number,
    private readonly settings: PointFilterSettings,
  ) {
    this.values = new Float64Array(points * 3);
    this.speeds = new Float64Array(points * 3);
    this.jitter = new JitterMeter(points, 3);
  }

  /** Whether it has taken no value since it was made or last forgot. */
  get isFresh(): boolean {
    return this.isEmpty;
  }

  /** Starts again with the next values. */
  forget(): void {
    if (this.isEmpty) return;
    this.isEmpty = true;
    this.jitter.forget();
  }

  /** Takes finite numbers, read `elapsedMs` after the previous ones. */
  advance(raw: NumberArray, elapsedMs: number): void {
    if (this.isEmpty) {
      this.values.set(raw);
      this.speeds.fill(0);
      this.isEmpty = false;
    } else if (elapsedMs > 0) {
      this.jitter.advance(raw, elapsedMs / 1000);
      for (let point = 0; point < this.points; point += 1) this.advancePoint(raw, point, elapsedMs / 1000);
    }
  }

  private advancePoint(raw: NumberArray, point: number, seconds: number): void {
    const { values, settings } = this;
    const jitter = this.jitter.deviations[point]!;
    const calm = settings.jitter / Math.max(jitter, settings.jitter / CLOSER_MAX);
    const closer = Math.max(1, Math.min(CLOSER_MAX, calm * calm));
    const speed = this.advanceSpeed(raw, point * 3, jitter, seconds);
    const share = lowPassShare(closer * (settings.minCutoffHz + settings.beta * speed), seconds);
    for (let at = point * 3; at < point * 3 + 3; at += 1) values[at] = values[at]! + share * (raw[at]! - values[at]!);
  }

  /** The point's speed beyond what its jitter causes, units a second. */
  private advanceSpeed(raw: NumberArray, start: number, jitter: number, seconds: number): number {
    const { values, speeds, settings } = this;
    const share = lowPassShare(settings.speedCutoffHz, seconds);
    let squared = 0;
    for (let at = start; at < start + 3; at += 1) {
      speeds[at] = speeds[at]! + share * ((raw[at]! - values[at]!) / seconds - speeds[at]!);
      squared += speeds[at]! * speeds[at]!;
    }
    // The speed that white noise leaves behind a low-pass filter with this share.
    const deviation = (SPEED_DEVIATIONS * jitter) / seconds;
    return Math.sqrt(Math.max(0, squared - (deviation * deviation * share) / (2 - share)));
  }
}
