import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fnv1a } from '@/lib/core/hash';
import type { TrackSource } from '@/lib/motion/bvhSource';
import { BONE_PARTS } from '@/lib/pose/boneParts';
import { ALL_PARTS, createPose, type Pose, PosePart, ROTATIONS_OFFSET } from '@/lib/pose/pose';
import { angleBetweenQuats } from '@/lib/pose/quat';
import type { Say } from '../benchResult';
import { type Reading, readBvhFolder } from './bvhFolder';
import { CORPUS_FPS, type CorpusClip, type PartSource } from './corpusClip';
import { createFaceTake } from './liveLinkFace';
import { madeClips, sampleMadeClip } from './madeClips';
import { createMadeFace, createMadeFingers } from './madeParts';

/** Bones that never turn further from their first frame than this were not recorded, radians. */
const STILL_RAD = (0.5 * Math.PI) / 180;

function movesBone(poses: readonly Pose[], bone: number): boolean {
  const at = ROTATIONS_OFFSET + bone * 4;
  const first = poses[0]!.values;
  return poses.some(({ values }) => angleBetweenQuats(first, at, values, at) > STILL_RAD);
}

/** Whether no bone of `part` (one `PosePart` bit) moves in the clip: some formats have joints that were not recorded. */
function isStill(poses: readonly Pose[], part: number): boolean {
  return !BONE_PARTS.some((of, bone) => of === part && movesBone(poses, bone));
}

/** A recording: poses at a steady rate, with the parts that the file moves. */
interface RecordedClip {
  readonly name: string;
  readonly poses: Pose[];
}

function sampled(name: string, source: TrackSource): Reading<RecordedClip> {
  const frames = Math.floor((source.periodMs / 1000) * CORPUS_FPS);
  if (frames === 0) return { leftOut: 'it is shorter than a frame' };
  const poses = Array.from({ length: frames }, (_, frame) => source.sample((frame * 1000) / CORPUS_FPS, createPose()));
  return { made: { name, poses } };
}

export interface CorpusOptions {
  /** A recorded face (NumPy table of a Live Link Face take); by default `<clipsDir>/../face/dao.npy` if it exists. */
  readonly facePath?: string | null;
  /** Receives the files that are left out. */
  readonly say?: Say;
}

const HANDS = [PosePart.leftFingers, PosePart.rightFingers];

function faceFileOf(clipsDir: string | null, facePath: string | null | undefined): string | null {
  if (facePath) return facePath;
  const beside = clipsDir === null ? null : join(clipsDir, '..', 'face', 'dao.npy');
  return beside !== null && existsSync(beside) ? beside : null;
}

/** The hands without recorded motion. */
function missingHands(poses: readonly Pose[]): number {
  const missing = HANDS.filter((hand) => (poses[0]!.parts & hand) === 0 || isStill(poses, hand));
  return missing.reduce((sum, hand) => sum | hand, 0);
}

/** Completes every pose with generated parts and the recorded face. */
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
 * The motion that benchmarks run on: the BVH files of `clipsDir`, or generated clips if there is no folder; 30 whole poses a
 * second, the same in every run. Parts that a clip lacks are grafted on, and `grafted` names them.
 * @throws UsageError if no file in the folder can be used; Error if the named face cannot be read
 */
export function loadCorpus(clipsDir: string | null, options: CorpusOptions = {}): CorpusClip[] {
  const { facePath = null, say = console.warn } = options;
  const faceFile = faceFileOf(clipsDir, facePath);
  const clips =
    clipsDir === null
      ? madeClips().map((clip) => ({ name: clip.name, poses: sampleMadeClip(clip, CORPUS_FPS) }))
      : readBvhFolder(clipsDir, sampled, say);
  return clips.map(({ name, poses }) => graft(name, poses, faceFile));
}

/** Prints the clips of the corpus and what was grafted onto them. */
export function sayCorpus(clips: readonly CorpusClip[], say: Say): void {
  for (const { name, poses, fps, grafted } of clips) {
    say(
      `${name}: ${poses.length} frames, ${(poses.length / fps).toFixed(1)} s; grafted: ${grafted.join('; ') || 'nothing'}`,
    );
  }
}
