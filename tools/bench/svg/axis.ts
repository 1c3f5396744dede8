/** One axis of a plot. */
export interface Axis {
  readonly label: string;
  readonly scale: 'log' | 'linear';
  readonly min: number;
  readonly max: number;
  /** Where ticks are, by default 1-2-5 steps. */
  readonly ticks?: readonly number[];
}

/** Steps of the ticks in each power of ten. */
const STEPS = [1, 2, 5] as const;
const LINEAR_TICKS = 6;

function logTicks(min: number, max: number): number[] {
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(min)); power <= Math.ceil(Math.log10(max)); power += 1) {
    for (const step of STEPS) ticks.push(Number((step * 10 ** power).toPrecision(1)));
  }
  return ticks.filter((tick) => tick >= min && tick <= max);
}

function linearTicks(min: number, max: number): number[] {
  const rough = (max - min) / LINEAR_TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * (STEPS.find((one) => one * power >= rough) ?? 10);
  const count = Math.floor((max - Math.ceil(min / step) * step) / step + 1e-9) + 1;
  return Array.from({ length: count }, (_, k) => Number(((Math.ceil(min / step) + k) * step).toPrecision(12)));
}

/** Where the ticks of an axis are, lowest first. */
export function ticksOf({ scale, min, max, ticks }: Axis): readonly number[] {
  if (ticks) return ticks;
  return scale === 'log' ? logTicks(min, max) : linearTicks(min, max);
}

/** Where `value` lies between the ends of the axis, 0 to 1; outside of it beyond them. */
export function placeOn({ scale, min, max }: Axis, value: number): number {
  if (scale === 'linear') return (value - min) / (max - min);
  return Math.log(value / min) / Math.log(max / min);
}

/** Lowest and highest of `values`, widened by `share` of their distance (on a log axis: of their ratio). */
export function rangeOf(values: readonly number[], scale: Axis['scale'], share = 0.08): { min: number; max: number } {
  const min = Math.min(...values);
  const max = Math.max(...values);
  if (scale === 'linear') return { min: min - share * (max - min), max: max + share * (max - min) };
  const widen = (max / min) ** share;
  return { min: min / widen, max: max * widen };
}
