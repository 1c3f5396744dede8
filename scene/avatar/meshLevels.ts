import type { BufferAttribute, BufferGeometry } from 'three';
import { coarseGeometry, withIndex } from './coarseIndex';

/** Levels a mesh is drawn at, 0 the finest. */
export const LEVEL_COUNT = 4;

/** For levels a file doesn't bring: cells in which vertices fall together, metres; a face keeps more than a body. */
const BODY_CELLS = [0, 0.02, 0.034, 0.055] as const;
const FACE_CELLS = [0, 0.003, 0.008, 0.02] as const;
/** A model that has no more triangles than this is coarse enough for a level as it is. */
const ENOUGH = [0, 7000, 2900, 1000] as const;

/** Triangles of a geometry. */
export function trianglesOf(geometry: BufferGeometry): number {
  return (geometry.index?.count ?? geometry.attributes.position!.count) / 3;
}

/**
 * A geometry at every level, fine to coarse: with the triangles `fileLevels` names for the levels after the first, as far
 * as they go; those after them are made by clustering what comes before. All share their vertex buffers, and a level that
 * needs nothing coarser its whole geometry with the level before. `modelTriangles`: of all meshes of the model, at the finest.
 */
export function meshLevels(
  fine: BufferGeometry,
  fileLevels: readonly BufferAttribute[],
  isFace: boolean,
  modelTriangles: number,
): BufferGeometry[] {
  const cells = isFace ? FACE_CELLS : BODY_CELLS;
  const levels = [fine, ...fileLevels.slice(0, LEVEL_COUNT - 1).map((index) => withIndex(fine, index))];
  for (let level = levels.length; level < LEVEL_COUNT; level += 1) {
    const before = levels[level - 1]!;
    levels.push(modelTriangles <= ENOUGH[level]! ? before : coarseGeometry(before, cells[level]!));
  }
  return levels;
}
