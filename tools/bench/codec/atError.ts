import type { ErrorSummary } from './errorMeter';
import type { RateMeasurement } from './measureRate';

/** Figures of a codec between two of its levels. */
export interface FiguresAtError {
  readonly kbps: number;
  readonly wireKbps: number;
  readonly bodyMm: number;
  /** The level, with its fraction. */
  readonly level: number;
  readonly errors: ErrorSummary;
  /** Where every level has more (`above`) or less (`below`) than the error asked for, these are the nearest level's. */
  readonly isOutside: 'above' | 'below' | null;
}

type Pick = (measurement: RateMeasurement) => number;

function between(a: RateMeasurement, b: RateMeasurement, amount: number, pick: Pick): number {
  const from = pick(a);
  const to = pick(b);
  return from > 0 && to > 0 ? from * (to / from) ** amount : from + (to - from) * amount;
}

function mix(a: RateMeasurement, b: RateMeasurement, amount: number): FiguresAtError {
  const errors = Object.fromEntries(
    Object.keys(a.errors!).map((key) => [
      key,
      between(a, b, amount, ({ errors: of }) => of![key as keyof ErrorSummary]),
    ]),
  ) as unknown as ErrorSummary;
  return {
    kbps: between(a, b, amount, ({ kbps }) => kbps),
    wireKbps: between(a, b, amount, ({ wireKbps }) => wireKbps),
    bodyMm: errors.bodyMm,
    level: a.level + (b.level - a.level) * amount,
    errors,
    isOutside: null,
  };
}

/**
 * Figures at a mean error of exactly `degrees`: straight lines between neighbouring levels on logarithmic axes.
 * `errorOf` says which error is meant. Outside all levels: those of the nearest, and it says so.
 */
export function figuresAtError(
  measurements: readonly RateMeasurement[],
  errorOf: (errors: ErrorSummary) => number,
  degrees: number,
): FiguresAtError {
  const error = ({ errors }: RateMeasurement) => errorOf(errors!);
  const sorted = [...measurements].sort((a, b) => error(a) - error(b));
  const above = sorted.findIndex((measurement) => error(measurement) >= degrees);
  if (above < 0) return { ...mix(sorted.at(-1)!, sorted.at(-1)!, 0), isOutside: 'below' };
  if (above === 0 && error(sorted[0]!) > degrees) return { ...mix(sorted[0]!, sorted[0]!, 0), isOutside: 'above' };
  const b = sorted[above]!;
  const a = sorted[Math.max(0, above - 1)]!;
  const amount = a === b ? 0 : Math.log(degrees / error(a)) / Math.log(error(b) / error(a));
  return mix(a, b, amount);
}
