import { coarseIndex } from './coarseIndex';

/** Levels a mesh is drawn at, 0 the finest. */
export const LEVEL_COUNT = 4;

/** For levels a file doesn't bring: cells in which vertices fall together, metres; a face keeps more than a body. */
const BODY_CELLS = [0, 0.02, 0.034, 0.055] as const;
const FACE_CELLS = [0, 0.003, 0.008, 0.02] as const;
/** A mesh that has no more triangles than this is fine enough for its level as it is. */
const BODY_ENOUGH = [0, 5500, 2300, 700] as const;
const FACE_ENOUGH = [0, 1500, 600, 250] as const;

/** What clustering needs of a mesh. */
interface LevelledMesh {
  readonly positions: Float32Array;
  readonly uvs: Float32Array | null;
  readonly isFace: boolean;
}

/**
 * The triangles of a mesh at every level, fine to coarse: those its file brings, as far as they go; those after them are
 * made by clustering what comes before. A level that needs nothing coarser is the same array as the level before.
 */
export function meshLevels(
  mesh: LevelledMesh,
  fileLevels: readonly Uint32Array<ArrayBuffer>[],
): Uint32Array<ArrayBuffer>[] {
  const [cells, enough] = mesh.isFace ? [FACE_CELLS, FACE_ENOUGH] : [BODY_CELLS, BODY_ENOUGH];
  const levels = fileLevels.slice(0, LEVEL_COUNT);
  for (let level = levels.length; level < LEVEL_COUNT; level += 1) {
    const before = levels[level - 1]!;
    levels.push(before.length / 3 <= enough[level]! ? before : coarseIndex(mesh, before, cells[level]!));
  }
  return levels;
}
