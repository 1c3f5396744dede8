import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BvhError } from '@/lib/motion/bvhError';
import { createBvhSource } from '@/lib/motion/bvhSource';
import { createPose, type Pose } from '@/lib/pose/pose';

/** A recording read from a file: poses at a steady rate, with the parts that the file moves. */
export interface RecordedClip {
  readonly name: string;
  readonly poses: Pose[];
}

function readClip(path: string, fps: number): Pose[] {
  const source = createBvhSource(readFileSync(path, 'utf8'));
  const frames = Math.floor((source.periodMs / 1000) * fps);
  return Array.from({ length: frames }, (_, frame) => source.sample((frame * 1000) / fps, createPose()));
}

/**
 * Reads every BVH file of a folder, in the order of their names, sampled at `fps`. A file that can't be read is named to
 * `say` with the reason and left out. @throws Error where the folder can't be read or no file of it can.
 */
export function readBvhFolder(folder: string, fps: number, say: (line: string) => void): RecordedClip[] {
  const files = readdirSync(folder)
    .filter((file) => file.toLowerCase().endsWith('.bvh'))
    .sort();
  const clips: RecordedClip[] = [];
  for (const file of files) {
    try {
      const poses = readClip(join(folder, file), fps);
      if (poses.length > 0) clips.push({ name: file.replace(/\.bvh$/i, ''), poses });
      else say(`left out ${file}: it is shorter than a frame`);
    } catch (error) {
      if (!(error instanceof BvhError)) throw error;
      say(`left out ${file}: ${error.message}`);
    }
  }
  if (clips.length === 0) throw new Error(`No BVH file of ${folder} can be read (${files.length} there).`);
  return clips;
}
