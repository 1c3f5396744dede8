/** One figure of a benchmark, with the same figure of its peers in the same run. */
export interface BenchResult {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** Null if there is no target. */
  readonly target: number | null;
  readonly better: 'lower' | 'higher';
  readonly peer: ReadonlyArray<{ readonly name: string; readonly value: number }>;
}

/** Options of the command line. */
export interface BenchOptions {
  /** Folder of BVH files, or null. */
  readonly clipsDir: string | null;
  /** A recorded face for clips without one, or null for the one beside the clips. */
  readonly facePath: string | null;
  /** A measured network to play over instead of the modelled ones: one-way delays in ms, one per line; or null. */
  readonly tracePath: string | null;
  /** A picture of a person for the webcam, or null for one of the shared files. */
  readonly picturePath: string | null;
  /** Length of the longest measurement under load. */
  readonly seconds: number;
}

/** A benchmark: returns its figures and reports progress on the way. */
export type Bench = (options: BenchOptions, say: Say) => Promise<BenchResult[]>;

/** Prints a line of progress. */
export type Say = (line: string) => void;

/** `value` to `digits` decimals, as results record it. */
export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
