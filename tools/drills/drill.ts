import type { DrillWorld } from './support/drillWorld';

/** A measured figure with the bounds it must keep. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  /** Unit as printed; '' for a count. */
  readonly unit: string;
  readonly atMost?: number;
  readonly atLeast?: number;
  /** Set if a busy machine alone can spoil the figure, as it can every figure in milliseconds. */
  readonly loadDependent?: boolean;
}

export type Measured = readonly Figure[];

/** A fault made on purpose, and what must hold during and after it. */
export interface Drill {
  /** Name for `--only`. */
  readonly name: string;
  /** The pass mark in words. */
  readonly passMark: string;
  /** Whether the drill needs a server that it may kill, start with other settings, or call from many addresses. */
  readonly needsServer: boolean;
  /** Set if it measures what pages draw, or pages that draw. */
  readonly measuresDrawing?: true;
  /**
   * Set if it measures the age of poses at bots, or how soon a restarted server has everybody back: a page that draws in software
   * takes one of the cores on which server and bots work, as no person's page does.
   */
  readonly measuresAge?: true;
  /** Rejects with `NotPossibleHere` if it is skipped, or with any other error if it failed to be carried out. */
  run(world: DrillWorld): Promise<Measured>;
}

/** A drill cannot be carried out here. The message says why. */
export class NotPossibleHere extends Error {}

/** Whether a figure keeps its bounds; NaN keeps none. */
export function keepsBounds({ value, atMost = Number.POSITIVE_INFINITY, atLeast = -Infinity }: Figure): boolean {
  return value <= atMost && value >= atLeast;
}

/** Whether a figure says as much about the machine's load as about Parley. */
export function dependsOnLoad({ unit, loadDependent }: Figure): boolean {
  return loadDependent ?? unit === 'ms';
}

/** Bounds of a figure that must be exactly `value`. */
export function exactly(value: number): { readonly atMost: number; readonly atLeast: number } {
  return { atMost: value, atLeast: value };
}
