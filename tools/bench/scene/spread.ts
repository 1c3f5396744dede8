import { median } from '../benchResult';

/** What came of several runs of the same. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** The middle and the ends of `values`, which must not be empty. */
export function spreadOf(values: readonly number[]): Spread {
  return { median: median(values), least: Math.min(...values), most: Math.max(...values) };
}

/** Ratios run by run: what was measured right after each other is compared with each other. */
export function ratioSpread(above: readonly number[], below: readonly number[]): Spread {
  return spreadOf(above.map((value, run) => value / below[run]!));
}

/** As read by people: the middle, then from the least to the most. */
export function spreadText({ median: middle, least, most }: Spread, digits: number): string {
  return `${middle.toFixed(digits)} (${least.toFixed(digits)} .. ${most.toFixed(digits)})`;
}
