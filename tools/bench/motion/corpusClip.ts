import type { Pose } from '@/lib/pose/pose';

/** Rate of every clip of the corpus. */
export const CORPUS_FPS = 30;

/** One clip that the benchmarks of codec and solver run on. */
export interface CorpusClip {
  readonly name: string;
  /** Frames in a second. */
  readonly fps: typeof CORPUS_FPS;
  /** Whole poses, all parts present, one per frame. Shared and never changed. */
  readonly poses: readonly Pose[];
  /** Sources of the parts that the recording lacked, a sentence each. */
  readonly grafted: readonly string[];
}

/** Moves one part of a pose and leaves the others alone. */
export interface PartSource {
  /** Description for the output. */
  readonly label: string;
  pose(seconds: number, out: Pose): void;
}
