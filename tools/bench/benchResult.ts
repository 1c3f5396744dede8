/** One figure of a benchmark, beside the same figure of its peers in the same run. */
export interface BenchResult {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** Null where no target has been set. */
  readonly target: number | null;
  readonly better: 'lower' | 'higher';
  readonly peer: ReadonlyArray<{ readonly name: string; readonly value: number }>;
}

/** What a benchmark may be told on the command line. */
export interface BenchOptions {
  /** Folder of BVH files, or null. */
  readonly clipsDir: string | null;
  /** A recorded face to graft onto clips that have none, or null for the one beside the clips. */
  readonly facePath: string | null;
  /** A measured network to play over instead of the made ones: one-way delays in ms, one a line; or null. */
  readonly tracePath: string | null;
  /** A picture of somebody to hold before the camera, or null for one of the shared files. */
  readonly picturePath: string | null;
  /** How long the longest measurement of a load lasts. */
  readonly seconds: number;
}

/** A benchmark: measures, and tells on the way how far it is. */
export type Bench = (options: BenchOptions, say: Say) => Promise<BenchResult[]>;

/** Tells the operator how far a benchmark has come, a line at a time. */
export type Say = (line: string) => void;

/** `value` to `digits` decimals, as results record it. */
export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
