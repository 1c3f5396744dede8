import type { NumberArray } from '@/lib/pose/quat';

/** Readings looked back on. */
const PAST = 3;
/** What is calmer than thought is believed soon, what is less calm late: motion looks like jitter for a moment only. */
const FALL_SECONDS = 0.25;
const RISE_SECONDS = 2;

/**
 * Measures how much points jitter while they move: how far each reading lies from where a parabola through the three before
 * it leads. Smooth motion follows it, white noise of standard deviation s strays from it by s times the root of
 * 1 + the sum of the squared weights (20 at an even pace). Allocates nothing.
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

  /** Takes finite numbers, read `seconds` (above 0) after those before. */
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
