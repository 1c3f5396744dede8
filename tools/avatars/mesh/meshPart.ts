import type { Detail, Part } from '../part';
import type { Sdf } from '../sdf/sdf';
import { mirror } from '../sdf/shapes';
import { LEVEL_COUNT, LEVEL_SHARES, type Levels } from './skinnedMesh';
import { surfaceNets } from './surfaceNets';
import {
  compactMesh,
  projectToSurface,
  simplifyMesh,
  surfaceNormals,
  type TriangleMesh,
  withMirrorImage,
} from './triangleMesh';

/** A part's mesh in the model pose. */
export interface PartMesh {
  readonly positions: Float64Array;
  readonly normals: Float64Array;
  readonly levels: Levels;
}

/** A triangle whose three corners lie deeper than this (m) in other parts is dropped. */
const HIDDEN_DEPTH = 0.012;
/** Before simplification only triangles this deep (m) are dropped, so that no torn rim shows. */
const BURIED_DEPTH = 0.022;
const LEAST_TRIANGLES = 24;
/** From this level on, skin is left out where whole triangles lie this deep (m) in other parts. */
const FIRST_COVERED_LEVEL = 2;
const COVERED_DEPTH = 0.0015;
/** Positions within a triangle, as shares of its corners. */
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

/** Each level is made from the next finer one, so that it uses a subset of its vertices. */
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

/** Meshes a part: surface nets, projection, simplification, removal of hidden triangles, normals from the field. */
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
