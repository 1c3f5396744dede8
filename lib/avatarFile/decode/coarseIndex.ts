/** Texture coordinates closer than this share a colour. */
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

/** A number for the cell a vertex falls in: place, and colour so that borders between garments stay. */
function cellKey({ positions, uvs }: ClusteredMesh, vertex: number, cellSize: number): number {
  let key = 0;
  for (let axis = 0; axis < 3; axis += 1) key = key * SPAN + cellAlong(positions[vertex * 3 + axis]!, cellSize);
  if (!uvs) return key;
  return (key * UV_CELLS + uvCell(uvs[vertex * 2]!)) * UV_CELLS + uvCell(uvs[vertex * 2 + 1]!);
}

/** The vertex that stands for each vertex's cell: the first that fell in. */
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
 * The triangles that are left of `index` where vertices within a cell of `cellSize` metres fall together (vertex
 * clustering, Rossignac and Borrel 1993). No vertex is new, so coarse triangles share the buffers of fine ones.
 */
export function coarseIndex(mesh: ClusteredMesh, index: Uint32Array, cellSize: number): Uint32Array<ArrayBuffer> {
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
