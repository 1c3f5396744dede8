import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fnv1a } from '@/lib/core/fnv1a';
import { ALL_PARTS, type Pose, PosePart } from '@/lib/pose/pose';
import { readBvhFolder } from './bvhFolder';
import { CORPUS_FPS, type CorpusClip, type PartSource } from './corpusClip';
import { createFaceTake } from './liveLinkFace';
import { madeClips, sampleMadeClip } from './madeClips';
import { createMadeFace } from './madeFace';
import { createMadeFingers } from './madeFingers';
import { isStill } from './stillParts';

/** What a corpus is loaded with. */
export interface CorpusOptions {
  /** A recorded face (NumPy table of a Live Link Face take); by default `<clipsDir>/../face/dao.npy` where it is. */
  readonly facePath?: string | null;
  /** Told which files are left out. */
  readonly say?: (line: string) => void;
}

const HANDS = [PosePart.leftFingers, PosePart.rightFingers];

function faceFileOf(clipsDir: string | null, facePath: string | null | undefined): string | null {
  if (facePath) return facePath;
  const beside = clipsDir === null ? null : join(clipsDir, '..', 'face', 'dao.npy');
  return beside !== null && existsSync(beside) ? beside : null;
}

/** The hands that the recording has no motion of. */
function missingHands(poses: readonly Pose[]): number {
  const missing = HANDS.filter((hand) => (poses[0]!.parts & hand) === 0 || isStill(poses, hand));
  return missing.reduce((sum, hand) => sum | hand, 0);
}

/** Makes every pose whole: what the recording lacks comes from generators and the recorded face. */
function graft(name: string, poses: Pose[], faceFile: string | null): CorpusClip {
  const seed = fnv1a(name) & 0xffff;
  const hands = missingHands(poses);
  const sources: PartSource[] = hands === 0 ? [] : [createMadeFingers(seed, hands)];
  sources.push(faceFile === null ? createMadeFace(seed) : createFaceTake(readFileSync(faceFile)));
  poses.forEach((pose, frame) => {
    for (const source of sources) source.pose(frame / CORPUS_FPS, pose);
    pose.parts = ALL_PARTS;
  });
  return { name, fps: CORPUS_FPS, poses, grafted: sources.map(({ label }) => label) };
}

/**
 * The motion that benchmarks run on: the BVH files of `clipsDir`, or clips the project makes itself where no folder is
 * given; 30 whole poses a second. What a clip lacks is grafted on, and `grafted` says what. The same in every run.
 * @throws Error where nothing in the folder can be read, or the face named can't be.
 */
export function loadCorpus(clipsDir: string | null, options: CorpusOptions = {}): CorpusClip[] {
  const { facePath = null, say = console.warn } = options;
  const faceFile = faceFileOf(clipsDir, facePath);
  const clips =
    clipsDir === null
      ? madeClips().map((clip) => ({ name: clip.name, poses: sampleMadeClip(clip, CORPUS_FPS) }))
      : readBvhFolder(clipsDir, CORPUS_FPS, say);
  return clips.map(({ name, poses }) => graft(name, poses, faceFile));
}
