import type { BufferAttribute, BufferGeometry } from 'three';
import { coarseGeometry, withIndex } from './coarseIndex';

/** Levels a mesh is drawn at, 0 the finest. */
export const LEVEL_COUNT = 4;

/** For levels a file doesn't bring: cells in which vertices fall together, metres; a face keeps more than a body. */
const BODY_CELLS = [0, 0.02, 0.034, 0.055] as const;
const FACE_CELLS = [0, 0.003, 0.008, 0.02] as const;
/** A mesh that has no more triangles than this is fine enough for its level as it is. */
const BODY_ENOUGH = [0, 5500, 2300, 700] as const;
const FACE_ENOUGH = [0, 1500, 600, 250] as const;

function triangles(geometry: BufferGeometry): number {
  return (geometry.index?.count ?? geometry.attributes.position!.count) / 3;
}

/**
 * A geometry at every level, fine to coarse: with the triangles `fileLevels` names for the levels after the first, as far
 * as they go; those after them are made by clustering what comes before. All share their vertex buffers, and a level that
 * needs nothing coarser its whole geometry with the level before.
 */
export function meshLevels(
  fine: BufferGeometry,
  fileLevels: readonly BufferAttribute[],
  isFace: boolean,
): BufferGeometry[] {
  const [cells, enough] = isFace ? [FACE_CELLS, FACE_ENOUGH] : [BODY_CELLS, BODY_ENOUGH];
  const levels = [fine, ...fileLevels.slice(0, LEVEL_COUNT - 1).map((index) => withIndex(fine, index))];
  for (let level = levels.length; level < LEVEL_COUNT; level += 1) {
    const before = levels[level - 1]!;
    levels.push(triangles(before) <= enough[level]! ? before : coarseGeometry(before, cells[level]!));
  }
  return levels;
}
