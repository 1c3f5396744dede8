import { MeshoptSimplifier } from 'meshoptimizer';
import { emptyGradient, gradient, type Sdf } from '../sdf/sdf';
import type { Levels } from './skinnedMesh';

/** A bare triangle mesh: xyz triples and index triples, counter-clockwise seen from outside. */
export interface TriangleMesh {
  positions: Float64Array;
  triangles: number[];
}

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

/** A left-hand mesh and its mirror image, in one. */
export function withMirrorImage(
  positions: Float64Array,
  levels: Levels,
): { positions: Float64Array; levels: number[][] } {
  const count = positions.length / 3;
  const both = new Float64Array(positions.length * 2);
  both.set(positions);
  for (let i = 0; i < positions.length; i++) both[positions.length + i] = i % 3 === 0 ? -positions[i]! : positions[i]!;
  return { positions: both, levels: levels.map((triangles) => [...triangles, ...flippedCopy(triangles, count)]) };
}

function flippedCopy(triangles: readonly number[], offset: number): number[] {
  const copy: number[] = [];
  for (let i = 0; i < triangles.length; i += 3)
    copy.push(triangles[i]! + offset, triangles[i + 2]! + offset, triangles[i + 1]! + offset);
  return copy;
}

/** Smallest slope to use: flatter fields would move a vertex too far. */
const MIN_SLOPE = 0.3;

/** Moves vertices along the field's gradient onto its zero surface (Newton steps), in place. */
export function projectToSurface(field: Sdf, positions: Float64Array, steps: number): void {
  const g = emptyGradient();
  for (let step = 0; step < steps; step++)
    for (let i = 0; i < positions.length; i += 3) {
      const [x, y, z] = [positions[i]!, positions[i + 1]!, positions[i + 2]!];
      gradient(field, x, y, z, g);
      const move = field(x, y, z) / Math.max(g.slope, MIN_SLOPE);
      positions[i] = x - g.x * move;
      positions[i + 1] = y - g.y * move;
      positions[i + 2] = z - g.z * move;
    }
}

/** Weight of normals relative to positions in the simplifier's error. */
const NORMAL_WEIGHT = 0.35;
/** Largest error allowed, as a share of the part's size. */
const TARGET_ERROR = 0.02;

/** Simplifies a mesh to about `targetTriangles`. Await `MeshoptSimplifier.ready` before. */
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

/** Step (m) of the differences: a little wide, so that small dents do not sparkle. */
const STEP = 0.002;

/** Unit normals of a field at each vertex. */
export function surfaceNormals(field: Sdf, positions: Float64Array): Float64Array {
  const normals = new Float64Array(positions.length);
  const g = emptyGradient();
  for (let i = 0; i < positions.length; i += 3) {
    gradient(field, positions[i]!, positions[i + 1]!, positions[i + 2]!, g, STEP);
    normals[i] = g.x;
    normals[i + 1] = g.y;
    normals[i + 2] = g.z;
  }
  return normals;
}
