import type { NumberArray } from '@/lib/pose/quat';

/** Settings of a One Euro filter; what `beta` multiplies is the speed in units of the values a second. */
export interface OneEuroSettings {
  /** Cutoff at rest, Hz. */
  readonly minCutoffHz: number;
  /** Hz that each unit a second of speed adds. */
  readonly beta: number;
  /** Cutoff of the speed itself, Hz. */
  readonly speedCutoffHz: number;
}

/** Share of a new value that a low pass of `cutoffHz` takes over after `seconds`. */
export function lowPassShare(cutoffHz: number, seconds: number): number {
  return 1 / (1 + 1 / (2 * Math.PI * cutoffHz * seconds));
}

/**
 * A One Euro filter (Casiez, Roussel, Vogel 2012) over `groups` of `size` numbers each; the numbers of a group share one
 * cutoff, that of their common speed, so that a point keeps its way. Allocates nothing.
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

  /** Whether it has taken no value since it was made or forgot. */
  get isFresh(): boolean {
    return this.isEmpty;
  }

  /** Begins anew with the next values. */
  forget(): void {
    this.isEmpty = true;
  }

  /** Takes finite numbers, read `elapsedMs` after those before. */
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
