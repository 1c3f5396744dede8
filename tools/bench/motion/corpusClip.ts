import type { Pose } from '@/lib/pose/pose';

/** Rate of every clip of the corpus. */
export const CORPUS_FPS = 30;

/** One piece of motion that the benchmarks of codec and playout run on. */
export interface CorpusClip {
  readonly name: string;
  /** Frames in a second. */
  readonly fps: typeof CORPUS_FPS;
  /** Whole poses, all parts present, one a frame. Shared: nobody may change them. */
  readonly poses: readonly Pose[];
  /** What the clip's own recording did not have and where it was taken from, a sentence each. */
  readonly grafted: readonly string[];
}

/** Moves one part of a pose: writes its numbers at `seconds` and leaves the others alone. */
export interface PartSource {
  /** Says what it is, as it appears in the output. */
  readonly label: string;
  pose(seconds: number, out: Pose): void;
}
