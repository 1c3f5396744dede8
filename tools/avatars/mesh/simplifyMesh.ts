import { MeshoptSimplifier } from 'meshoptimizer';
import type { TriangleMesh } from './surfaceNets';

/** Weight of a normal's change beside a position's in the simplifier's error. */
const NORMAL_WEIGHT = 0.35;
/** Largest error allowed, as a share of the part's size. */
const TARGET_ERROR = 0.02;

/** Fewer triangles of the same shape: at most about `targetTriangles`. Await `MeshoptSimplifier.ready` before. */
export function simplifyMesh(
  mesh: TriangleMesh,
  normals: Float64Array,
  targetTriangles: number,
  targetError = TARGET_ERROR,
): number[] {
  if (mesh.triangles.length / 3 <= targetTriangles) return mesh.triangles;
  const [indices] = MeshoptSimplifier.simplifyWithAttributes(
    new Uint32Array(mesh.triangles),
    Float32Array.from(mesh.positions),
    3,
    Float32Array.from(normals),
    3,
    [NORMAL_WEIGHT, NORMAL_WEIGHT, NORMAL_WEIGHT],
    null,
    targetTriangles * 3,
    targetError,
  );
  return Array.from(indices);
}
