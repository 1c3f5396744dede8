import type { SkinnedMesh } from '../mesh/skinnedMesh';

/** A mesh in the order it is written: vertices of the coarsest level first, so that each level uses only a prefix. */
export interface FileMesh {
  readonly positions: readonly number[];
  readonly normals: readonly number[];
  readonly tints: readonly number[];
  readonly joints: readonly number[];
  readonly weights: readonly number[];
  readonly paletteU: readonly number[];
  /** Index triples of each level written, the finest first. */
  readonly levels: readonly (readonly number[])[];
  /** For each written vertex its place in the mesh. */
  readonly order: readonly number[];
}

/** `size` values of each vertex, in the given order. */
export function inOrder(values: ArrayLike<number>, size: number, order: readonly number[]): number[] {
  const out = new Array<number>(order.length * size);
  order.forEach((vertex, place) => {
    for (let k = 0; k < size; k++) out[place * size + k] = values[vertex * size + k]!;
  });
  return out;
}

/** `count` levels of a mesh from `finest` on (all of them where absent), with the vertices of these and of coarser ones. */
export function fileMesh(mesh: SkinnedMesh, finest: number, count?: number): FileMesh {
  const used = mesh.levels.slice(finest);
  const placeOf = new Map<number, number>();
  for (const triangles of [...used].reverse())
    for (const vertex of triangles) if (!placeOf.has(vertex)) placeOf.set(vertex, placeOf.size);
  const order = [...placeOf.keys()];
  return {
    positions: inOrder(mesh.positions, 3, order),
    normals: inOrder(mesh.normals, 3, order),
    tints: inOrder(mesh.tints, 3, order),
    joints: inOrder(mesh.joints, 4, order),
    weights: inOrder(mesh.weights, 4, order),
    paletteU: inOrder(mesh.paletteU, 1, order),
    levels: used.slice(0, count).map((triangles) => triangles.map((vertex) => placeOf.get(vertex)!)),
    order,
  };
}
