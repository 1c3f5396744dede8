/** The middle of `values`; of an even number, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The value that `share` (0 .. 1) of `values` do not exceed; 0 if there are none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

/** The results of several runs of the same measurement. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** The middle and the ends of `values`, which must not be empty. */
export function spreadOf(values: readonly number[]): Spread {
  return { median: median(values), least: Math.min(...values), most: Math.max(...values) };
}

/** Ratios run by run, so that each run is compared with the one measured right beside it. */
export function ratioSpread(above: readonly number[], below: readonly number[]): Spread {
  return spreadOf(above.map((value, run) => value / below[run]!));
}

/** A spread for people to read: the median, then from the least to the most. */
export function spreadText({ median: middle, least, most }: Spread, digits: number): string {
  return `${middle.toFixed(digits)} (${least.toFixed(digits)} .. ${most.toFixed(digits)})`;
}
