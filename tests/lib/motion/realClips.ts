import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A folder of real BVH recordings: `PARLEY_CLIPS`, or `shared/data/mocap` next to the checkout. Not part of the project. */
const FOLDER = process.env.PARLEY_CLIPS ?? join(import.meta.dirname, '../../../../shared/data/mocap');

export interface RealClip {
  readonly name: string;
  read(): string;
}

/** The recordings found, or none. */
export const REAL_CLIPS: readonly RealClip[] = existsSync(FOLDER)
  ? readdirSync(FOLDER)
      .filter((name) => name.endsWith('.bvh'))
      .map((name) => ({ name, read: () => readFileSync(join(FOLDER, name), 'utf8') }))
  : [];

/** Message if there are none. */
export const NO_REAL_CLIPS = 'no real recordings here: set PARLEY_CLIPS to a folder of BVH files';
