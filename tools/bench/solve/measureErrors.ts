import type { CorpusClip } from '../motion/corpusClip';
import { BoneErrors } from './boneErrors';
import { solveWithKalidokit } from './kalidokitPeer';
import { BODY_NOISE, HAND_NOISE, LandmarkNoise } from './landmarkNoise';
import { landmarksOf } from './landmarkTruth';
import { createFilteredPeer } from './peerFilter';
import { createOurSolver, isFacing } from './solveClip';

/** Noise wanders slowly against the length of a clip: every clip is run so often, each time with noise of its own. */
const SEEDS = [1, 2, 3] as const;
const SEEDS_APART = 1000;
const NO_NOISE = [null] as const;

/** Errors of everybody on the same landmarks. */
export interface SolverErrors {
  readonly ours: BoneErrors;
  readonly kalidokit: BoneErrors;
  /** Kalidokit behind our filter of points, as somebody would run it who smooths first. */
  readonly filtered: BoneErrors;
}

/** Runs every clip through all solvers from its first frame to its last; scores the frames that face the camera. */
export function measureErrors(clips: readonly CorpusClip[], isNoisy: boolean): SolverErrors {
  const errors = { ours: new BoneErrors(), kalidokit: new BoneErrors(), filtered: new BoneErrors() };
  for (const seed of isNoisy ? SEEDS : NO_NOISE) {
    clips.forEach((clip, at) => {
      measureClip(clip, seed === null ? null : seed * SEEDS_APART + at, errors);
    });
  }
  return errors;
}

/** `seed` of the noise, or null for none. */
function measureClip({ poses, fps }: CorpusClip, seed: number | null, errors: SolverErrors): void {
  const frameMs = 1000 / fps;
  const noise = seed === null ? null : new LandmarkNoise(seed, BODY_NOISE, HAND_NOISE);
  const read = (frame: number) => {
    const exact = landmarksOf(poses[frame]!, frame * frameMs);
    return noise === null ? exact : noise.apply(exact);
  };
  const first = read(0);
  const ours = createOurSolver(first, frameMs);
  const filtered = createFilteredPeer(solveWithKalidokit);
  poses.forEach((truth, at) => {
    const frame = at === 0 ? first : read(at);
    const solved = ours(frame, frameMs);
    const peer = solveWithKalidokit(frame);
    const smoothed = filtered(frame, frameMs);
    if (!isFacing(truth)) return;
    errors.ours.add(truth, solved);
    if (peer !== null) errors.kalidokit.add(truth, peer);
    if (smoothed !== null) errors.filtered.add(truth, smoothed);
  });
}
