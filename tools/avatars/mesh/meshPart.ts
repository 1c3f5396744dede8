import type { Detail, Part } from '../part';
import { mirror } from '../sdf/combine';
import type { Sdf } from '../sdf/sdf';
import { compactMesh } from './compactMesh';
import { withMirrorImage } from './mirrorMesh';
import { projectToSurface } from './projectToSurface';
import { simplifyMesh } from './simplifyMesh';
import { surfaceNets, type TriangleMesh } from './surfaceNets';
import { surfaceNormals } from './surfaceNormals';

/** A part's mesh in the model pose. */
export interface PartMesh extends TriangleMesh {
  readonly normals: Float64Array;
}

/** A triangle whose three corners lie deeper than this (m) in other parts is dropped. */
const HIDDEN_DEPTH = 0.012;
const LEAST_TRIANGLES = 24;

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
  const whole = part.mirrored ? withMirrorImage(shown) : shown;
  const lit = part.litAs ?? part.shape;
  return { ...whole, normals: surfaceNormals(part.mirrored ? mirror(lit) : lit, whole.positions) };
}
