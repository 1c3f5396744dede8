import { coarseIndex } from './coarseIndex';

/** Levels a mesh is drawn at, 0 the finest. */
export const LEVEL_COUNT = 4;

/** For levels a file doesn't bring: cells in which vertices fall together, metres; a face keeps more than a body. */
const BODY_CELLS = [0, 0.02, 0.034, 0.055] as const;
const FACE_CELLS = [0, 0.003, 0.008, 0.02] as const;
/** A model that has no more triangles than this is coarse enough for a level as it is. */
const ENOUGH = [0, 7000, 2900, 1000] as const;

/** What clustering needs of a mesh. */
interface LevelledMesh {
  readonly positions: Float32Array;
  readonly uvs: Float32Array | null;
  readonly isFace: boolean;
}

/**
 * The triangles of a mesh at every level, fine to coarse: those its file brings, as far as they go; those after them are
 * made by clustering what comes before. A level that needs nothing coarser is the same array as the level before.
 * `modelTriangles`: of all meshes of the model, at the finest.
 */
export function meshLevels(
  mesh: LevelledMesh,
  fileLevels: readonly Uint32Array<ArrayBuffer>[],
  modelTriangles: number,
): Uint32Array<ArrayBuffer>[] {
  const cells = mesh.isFace ? FACE_CELLS : BODY_CELLS;
  const levels = fileLevels.slice(0, LEVEL_COUNT);
  for (let level = levels.length; level < LEVEL_COUNT; level += 1) {
    const before = levels[level - 1]!;
    levels.push(modelTriangles <= ENOUGH[level]! ? before : coarseIndex(mesh, before, cells[level]!));
  }
  return levels;
}
