import type { TriangleMesh } from './surfaceNets';

/** The mesh with only the vertices its triangles use, in order of first use. */
export function compactMesh(positions: Float64Array, triangles: readonly number[]): TriangleMesh {
  const placeOf = new Map<number, number>();
  const kept: number[] = [];
  const compacted = triangles.map((vertex) => {
    const known = placeOf.get(vertex);
    if (known !== undefined) return known;
    const place = placeOf.size;
    placeOf.set(vertex, place);
    kept.push(positions[vertex * 3]!, positions[vertex * 3 + 1]!, positions[vertex * 3 + 2]!);
    return place;
  });
  return { positions: Float64Array.from(kept), triangles: compacted };
}
