import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BvhError } from '@/lib/motion/bvhError';
import { createBvhSource } from '@/lib/motion/bvhSource';
import type { MotionSource } from '@/lib/motion/motionSource';
import { PosePart, resetPose } from '@/lib/pose/pose';
import { BenchError } from '../benchError';
import { type MadeClip, madeClips } from '../motion/madeClips';
import { Truth } from './truth';

/** More of one clip would only outweigh the others. */
const CLIP_MAX_MS = 30_000;
/** Shorter clips end before anything is measured. */
const CLIP_MIN_MS = 4_000;

function madeSource(clip: MadeClip): MotionSource {
  return {
    sample(timeMs, out) {
      clip.pose(timeMs / 1000, resetPose(out));
      out.parts = PosePart.hips | PosePart.upperBody | PosePart.legs;
      return out;
    },
  };
}

function recordedTruth(folder: string, file: string): Truth {
  const source = createBvhSource(readFileSync(join(folder, file), 'utf8'));
  return new Truth(file.replace(/\.bvh$/i, ''), source, Math.min(source.periodMs, CLIP_MAX_MS));
}

function recordedTruths(folder: string, say: (line: string) => void): Truth[] {
  const files = readdirSync(folder).filter((file) => file.toLowerCase().endsWith('.bvh'));
  const truths: Truth[] = [];
  for (const file of files.sort()) {
    try {
      const truth = recordedTruth(folder, file);
      if (truth.durationMs >= CLIP_MIN_MS) truths.push(truth);
      else say(`left out ${file}: shorter than ${CLIP_MIN_MS / 1000} s`);
    } catch (error) {
      if (!(error instanceof BvhError)) throw error;
      say(`left out ${file}: ${error.message}`);
    }
  }
  if (truths.length === 0) throw new BenchError(`No BVH file of ${folder} can be used (${files.length} there).`);
  return truths;
}

/**
 * What is played: the BVH files of `clipsDir` at their own rate, or clips the project makes itself.
 * @throws BenchError where none of the folder's files can be used.
 */
export function loadTruths(clipsDir: string | null, say: (line: string) => void): Truth[] {
  if (clipsDir !== null) return recordedTruths(clipsDir, say);
  return madeClips().map((clip) => new Truth(clip.name, madeSource(clip), Math.min(clip.seconds * 1000, CLIP_MAX_MS)));
}
