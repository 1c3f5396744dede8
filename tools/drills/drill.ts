import type { DrillWorld } from './support/drillWorld';

/** One figure that a drill measured, with the bound it must keep. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  /** Unit as printed; '' for a count. */
  readonly unit: string;
  readonly atMost?: number;
  readonly atLeast?: number;
}

export type Measured = readonly Figure[];

/** A fault, brought about on purpose, and what must hold meanwhile and afterwards. */
export interface Drill {
  /** As `--only` takes it. */
  readonly name: string;
  /** The pass mark in words. */
  readonly passMark: string;
  /** Whether it must be able to kill and start the server. */
  readonly needsServer: boolean;
  /** Rejects where the drill could not be carried out; that is a failure as well. */
  run(world: DrillWorld): Promise<Measured>;
}

/** Whether a figure keeps its bounds; one that is no number keeps none. */
export function keepsBounds({ value, atMost = Number.POSITIVE_INFINITY, atLeast = -Infinity }: Figure): boolean {
  return value <= atMost && value >= atLeast;
}

/** Bounds of a figure that must be exactly `value`. */
export function exactly(value: number): { readonly atMost: number; readonly atLeast: number } {
  return { atMost: value, atLeast: value };
}
