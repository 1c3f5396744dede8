import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BvhError } from '@/lib/motion/bvhClip';
import { createBvhSource, type TrackSource } from '@/lib/motion/bvhSource';
import { UsageError } from '@/tools/command/command';
import type { Say } from '../benchResult';

/** What is made of a recording, or why it is left out. */
export type Reading<T> = { readonly made: T } | { readonly leftOut: string };

function readFile<T>(path: string, name: string, make: (name: string, source: TrackSource) => Reading<T>): Reading<T> {
  try {
    return make(name, createBvhSource(readFileSync(path, 'utf8')));
  } catch (error) {
    if (!(error instanceof BvhError)) throw error;
    return { leftOut: error.message };
  }
}

/**
 * Makes something of every BVH file of a folder, in the order of their names; `say` is told which are left out, and why.
 * @throws UsageError if the folder has no file that can be used
 */
export function readBvhFolder<T>(
  folder: string,
  make: (name: string, source: TrackSource) => Reading<T>,
  say: Say,
): T[] {
  const files = readdirSync(folder)
    .filter((file) => file.toLowerCase().endsWith('.bvh'))
    .sort();
  const all: T[] = [];
  for (const file of files) {
    const reading = readFile(join(folder, file), file.replace(/\.bvh$/i, ''), make);
    if ('made' in reading) all.push(reading.made);
    else say(`left out ${file}: ${reading.leftOut}`);
  }
  if (all.length === 0) throw new UsageError(`No BVH file in ${folder} can be used (${files.length} found).`);
  return all;
}
