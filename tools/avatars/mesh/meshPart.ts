import { MeshoptSimplifier } from 'meshoptimizer';
import type { Detail, Part } from '../part';
import { emptyGradient, gradient, type Sdf } from '../sdf/sdf';
import { mirror } from '../sdf/shapes';
import { LEVEL_COUNT, LEVEL_SHARES, type Levels } from './skinnedMesh';
import { surfaceNets, type TriangleMesh } from './surfaceNets';

/** The mesh with only the vertices its triangles use, in order of first use. */
function compactMesh(positions: Float64Array, triangles: readonly number[]): TriangleMesh {
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
function withMirrorImage(positions: Float64Array, levels: Levels): { positions: Float64Array; levels: number[][] } {
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

/** Least slope trusted: flatter places would send a vertex far away. */
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

/** Weight of a normal's change beside a position's in the simplifier's error. */
const NORMAL_WEIGHT = 0.35;
/** Largest error allowed, as a share of the part's size. */
const TARGET_ERROR = 0.02;

/** Fewer triangles of the same shape: at most about `targetTriangles`. Await `MeshoptSimplifier.ready` before. */
function simplifyMesh(
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

/** Width (m) of the differences: a little wide, so that small dents don't sparkle. */
const STEP = 0.002;

/** Unit normals of a field at each vertex. */
function surfaceNormals(field: Sdf, positions: Float64Array): Float64Array {
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

/** A part's mesh in the model pose. */
export interface PartMesh {
  readonly positions: Float64Array;
  readonly normals: Float64Array;
  readonly levels: Levels;
}

/** A triangle whose three corners lie deeper than this (m) in other parts is dropped. */
const HIDDEN_DEPTH = 0.012;
/** Before simplification only what lies this deep (m) is dropped, so that nothing torn at the rim comes to light. */
const BURIED_DEPTH = 0.022;
const LEAST_TRIANGLES = 24;
/** From this level on skin is left out where all of a triangle, not only its corners, lies this deep (m) in other parts. */
const FIRST_COVERED_LEVEL = 2;
const COVERED_DEPTH = 0.0015;
/** Places within a triangle: shares of its corners. */
const WITHIN = [
  [1 / 2, 1 / 2, 0],
  [0, 1 / 2, 1 / 2],
  [1 / 2, 0, 1 / 2],
  [1 / 3, 1 / 3, 1 / 3],
] as const;
/** Largest error of a coarser level, as a share of the part's size. */
const LEVEL_ERROR = 0.15;

function isDeeper(others: Sdf, depth: number, positions: Float64Array, vertex: number): boolean {
  return others(positions[vertex * 3]!, positions[vertex * 3 + 1]!, positions[vertex * 3 + 2]!) < -depth;
}

function visibleTriangles(others: Sdf, depth: number, { positions, triangles }: TriangleMesh): number[] {
  const hidden = new Map<number, boolean>();
  for (const vertex of triangles)
    if (!hidden.has(vertex)) hidden.set(vertex, isDeeper(others, depth, positions, vertex));
  const kept: number[] = [];
  for (let i = 0; i < triangles.length; i += 3) {
    const corners = triangles.slice(i, i + 3);
    if (!corners.every((vertex) => hidden.get(vertex))) kept.push(...corners);
  }
  return kept;
}

function isCovered(others: Sdf, positions: Float64Array, corners: readonly number[]): boolean {
  const along = (axis: number, shares: readonly number[]) =>
    shares.reduce((sum, share, k) => sum + share * positions[corners[k]! * 3 + axis]!, 0);
  return (
    corners.every((vertex) => isDeeper(others, COVERED_DEPTH, positions, vertex)) &&
    WITHIN.every((shares) => others(along(0, shares), along(1, shares), along(2, shares)) < -COVERED_DEPTH)
  );
}

function uncoveredTriangles(others: Sdf, { positions, triangles }: TriangleMesh): number[] {
  const kept: number[] = [];
  for (let i = 0; i < triangles.length; i += 3) {
    const corners = triangles.slice(i, i + 3);
    if (!isCovered(others, positions, corners)) kept.push(...corners);
  }
  return kept;
}

/** Each level from the finer one before it, so that its vertices are among those of that one. */
function coarserLevels(part: Part, fine: TriangleMesh, others: Sdf): number[][] {
  const normals = surfaceNormals(part.litAs ?? part.shape, fine.positions);
  const levels = [fine.triangles];
  for (let level = 1; level < LEVEL_COUNT; level++) {
    const finer = { positions: fine.positions, triangles: levels.at(-1)! };
    if (level > (part.lastLevel ?? level)) {
      levels.push([]);
      continue;
    }
    const share = Math.min(1, LEVEL_SHARES[level]! * (part.keeps ?? 1));
    const target = Math.max(LEAST_TRIANGLES, Math.round((fine.triangles.length / 3) * share));
    const triangles = simplifyMesh(finer, normals, target, LEVEL_ERROR);
    const isPeeled = part.isUnder && level >= FIRST_COVERED_LEVEL;
    levels.push(isPeeled ? uncoveredTriangles(others, { positions: fine.positions, triangles }) : triangles);
  }
  return levels;
}

/** Meshes a part: surface nets, projection, simplification, hidden triangles dropped, normals from the field. */
export function meshPart(part: Part, others: Sdf, detail: Detail): PartMesh {
  const whole = surfaceNets(part.shape, part.bounds, part.cellSize * detail.cell);
  const raw = compactMesh(whole.positions, visibleTriangles(others, BURIED_DEPTH, whole));
  projectToSurface(part.shape, raw.positions, 3);
  const budget = (part.triangles * detail.triangles) / (part.mirrored ? 2 : 1);
  const simple = simplifyMesh(
    raw,
    surfaceNormals(part.shape, raw.positions),
    Math.max(LEAST_TRIANGLES, Math.round(budget)),
  );
  const kept = { positions: raw.positions, triangles: simple };
  const shown = compactMesh(raw.positions, visibleTriangles(others, HIDDEN_DEPTH, kept));
  projectToSurface(part.shape, shown.positions, 2);
  const lit = part.litAs ?? part.shape;
  const levels = coarserLevels(part, shown, others);
  const both = part.mirrored ? withMirrorImage(shown.positions, levels) : { positions: shown.positions, levels };
  return { ...both, normals: surfaceNormals(part.mirrored ? mirror(lit) : lit, both.positions) };
}
