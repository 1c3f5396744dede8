/** Texture cells along one axis; coordinates in one cell share a colour. */
const UV_CELLS = 64;
/** Cells a body can span along one axis. */
const SPAN = 4096;

interface ClusteredMesh {
  readonly positions: Float32Array;
  readonly uvs: Float32Array | null;
}

function cellAlong(value: number, cellSize: number): number {
  return Math.min(SPAN - 1, Math.max(0, Math.round(value / cellSize) + SPAN / 2));
}

function uvCell(value: number): number {
  return Math.floor((value - Math.floor(value)) * UV_CELLS);
}

/** The number of a vertex's cell: place, and colour so that borders between garments stay. */
function cellKey({ positions, uvs }: ClusteredMesh, vertex: number, cellSize: number): number {
  let key = 0;
  for (let axis = 0; axis < 3; axis += 1) key = key * SPAN + cellAlong(positions[vertex * 3 + axis]!, cellSize);
  if (!uvs) return key;
  return (key * UV_CELLS + uvCell(uvs[vertex * 2]!)) * UV_CELLS + uvCell(uvs[vertex * 2 + 1]!);
}

/** The vertex that stands for each vertex's cell: its first. */
function representatives(mesh: ClusteredMesh, cellSize: number): Uint32Array {
  const first = new Map<number, number>();
  return Uint32Array.from({ length: mesh.positions.length / 3 }, (_, vertex) => {
    const key = cellKey(mesh, vertex, cellSize);
    const known = first.get(key) ?? vertex;
    first.set(key, known);
    return known;
  });
}

/**
 * The triangles of `index` that remain when all vertices within a cell of `cellSize` metres become one (vertex clustering,
 * Rossignac and Borrel 1993). No vertex is new, so coarse triangles share the buffers of fine ones.
 */
function coarseIndex(mesh: ClusteredMesh, index: Uint32Array, cellSize: number): Uint32Array<ArrayBuffer> {
  const standsFor = representatives(mesh, cellSize);
  const kept: number[] = [];
  for (let i = 0; i < index.length; i += 3) {
    const a = standsFor[index[i]!]!;
    const b = standsFor[index[i + 1]!]!;
    const c = standsFor[index[i + 2]!]!;
    if (a !== b && b !== c && c !== a) kept.push(a, b, c);
  }
  return Uint32Array.from(kept);
}

/** Levels a mesh is drawn at, 0 the finest. */
const LEVEL_COUNT = 4;

/** Cell sizes for levels that a file lacks, metres; a face keeps more detail than a body. */
const BODY_CELLS = [0, 0.02, 0.034, 0.055] as const;
const FACE_CELLS = [0, 0.003, 0.008, 0.02] as const;
/** A model with no more triangles than this is coarse enough for a level as it is. */
const ENOUGH = [0, 7000, 2900, 1000] as const;

/** What clustering needs of a mesh. */
interface LevelledMesh {
  readonly positions: Float32Array;
  readonly uvs: Float32Array | null;
  readonly isFace: boolean;
}

/**
 * The triangles of a mesh at every level, fine to coarse: first the levels of its file, then levels made by clustering the
 * one before. A level that needs nothing coarser is the same array as the level before.
 * `modelTriangles`: those of all meshes of the model at the finest level.
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
