import type { Detail, Part } from '../part';
import { mirror } from '../sdf/combine';
import type { Sdf } from '../sdf/sdf';
import { compactMesh } from './compactMesh';
import { LEVEL_SHARES, type Levels } from './levels';
import { withMirrorImage } from './mirrorMesh';
import { projectToSurface } from './projectToSurface';
import { simplifyMesh } from './simplifyMesh';
import { surfaceNets, type TriangleMesh } from './surfaceNets';
import { surfaceNormals } from './surfaceNormals';

/** A part's mesh in the model pose. */
export interface PartMesh {
  readonly positions: Float64Array;
  readonly normals: Float64Array;
  readonly levels: Levels;
}

/** A triangle whose three corners lie deeper than this (m) in other parts is dropped. */
const HIDDEN_DEPTH = 0.012;
const LEAST_TRIANGLES = 24;
/** Largest error of a coarser level, as a share of the part's size. */
const LEVEL_ERROR = 0.15;

function isHidden(others: Sdf, positions: Float64Array, vertex: number): boolean {
  return others(positions[vertex * 3]!, positions[vertex * 3 + 1]!, positions[vertex * 3 + 2]!) < -HIDDEN_DEPTH;
}

function visibleTriangles(others: Sdf, positions: Float64Array, triangles: readonly number[]): number[] {
  const hidden = new Map<number, boolean>();
  for (const vertex of triangles) if (!hidden.has(vertex)) hidden.set(vertex, isHidden(others, positions, vertex));
  const kept: number[] = [];
  for (let i = 0; i < triangles.length; i += 3) {
    const corners = triangles.slice(i, i + 3);
    if (!corners.every((vertex) => hidden.get(vertex))) kept.push(...corners);
  }
  return kept;
}

/** Each level from the one before, so that its vertices are among those of the finer ones. */
function coarserLevels(fine: TriangleMesh, normals: Float64Array): number[][] {
  const levels = [fine.triangles];
  for (const share of LEVEL_SHARES.slice(1)) {
    const target = Math.max(LEAST_TRIANGLES, Math.round((fine.triangles.length / 3) * share));
    const finer = { positions: fine.positions, triangles: levels.at(-1)! };
    levels.push(simplifyMesh(finer, normals, target, LEVEL_ERROR));
  }
  return levels;
}

/** Meshes a part: surface nets, projection, simplification, hidden triangles dropped, normals from the field. */
export function meshPart(part: Part, others: Sdf, detail: Detail): PartMesh {
  const raw = surfaceNets(part.shape, part.bounds, part.cellSize * detail.cell);
  projectToSurface(part.shape, raw.positions, 3);
  const budget = (part.triangles * detail.triangles) / (part.mirrored ? 2 : 1);
  const simple = simplifyMesh(
    raw,
    surfaceNormals(part.shape, raw.positions),
    Math.max(LEAST_TRIANGLES, Math.round(budget)),
  );
  const shown = compactMesh(raw.positions, visibleTriangles(others, raw.positions, simple));
  projectToSurface(part.shape, shown.positions, 2);
  const lit = part.litAs ?? part.shape;
  const levels = coarserLevels(shown, surfaceNormals(lit, shown.positions));
  const whole = part.mirrored ? withMirrorImage(shown.positions, levels) : { positions: shown.positions, levels };
  return { ...whole, normals: surfaceNormals(part.mirrored ? mirror(lit) : lit, whole.positions) };
}
