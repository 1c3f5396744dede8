import type { Levels } from '../mesh/skinnedMesh';
import type { PaletteSlot, Tint } from '../part';
import { normalize } from '../sdf/maths';
import type { Vec3 } from '../sdf/sdf';
import { type FaceSurface, faceDeform } from './faceSurface';
import type { FaceWeights } from './faceWeights';

/** Columns of a feature's grid and spokes of its discs. */
export interface FeatureDetail {
  readonly columns: number;
  readonly spokes: number;
}

export const FULL_FEATURES: FeatureDetail = { columns: 20, spokes: 24 };

/** How many columns, spokes and rows each level merges. */
const STEPS: readonly { column: number; spoke: number; row: number }[] = [
  { column: 1, spoke: 1, row: 1 },
  { column: 2, spoke: 2, row: 2 },
  { column: 4, spoke: 4, row: 4 },
  { column: 4, spoke: 4, row: 4 },
];

function flipped(triangles: number[]): number[] {
  const out: number[] = [];
  for (let i = 0; i < triangles.length; i += 3) out.push(triangles[i]!, triangles[i + 2]!, triangles[i + 1]!);
  return out;
}

/** The largest step up to `wanted` that divides `count`, or `count` if `wanted` is more than half of it. */
function stepOf(count: number, wanted: number): number {
  if (wanted > 1 && wanted * 2 > count) return count;
  let step = wanted;
  while (count % step !== 0) step -= 1;
  return step;
}

function gridLevel(rows: number, columns: number, rowStep: number, columnStep: number): number[] {
  const triangles: number[] = [];
  for (let row = 0; row < rows; row += rowStep)
    for (let column = 0; column < columns; column += columnStep) {
      const a = row * (columns + 1) + column;
      const c = a + rowStep * (columns + 1);
      const b = a + columnStep;
      const d = c + columnStep;
      triangles.push(a, b, d, a, d, c);
    }
  return triangles;
}

/**
 * Levels of a grid whose rows go up and columns towards +x; `flip` for columns towards -x or rows down. A sheet under others
 * keeps all its rows: eyes lie in hollows, and a chord across one would show through the sheets on it.
 */
export function gridTriangles(rows: number, columns: number, flip = false, keepRows = false): Levels {
  return STEPS.map(({ row, column }) => {
    const triangles = gridLevel(rows, columns, keepRows ? 1 : stepOf(rows, row), stepOf(columns, column));
    return flip ? flipped(triangles) : triangles;
  });
}

function discLevel(rings: number, spokes: number, step: number): number[] {
  const triangles: number[] = [];
  const at = (ring: number, spoke: number) => 1 + (ring - 1) * spokes + (spoke % spokes);
  for (let spoke = 0; spoke < spokes; spoke += step) {
    triangles.push(0, at(1, spoke + step), at(1, spoke));
    for (let ring = 1; ring < rings; ring++) {
      const [a, b] = [at(ring, spoke), at(ring, spoke + step)];
      const [c, d] = [at(ring + 1, spoke), at(ring + 1, spoke + step)];
      triangles.push(a, b, d, a, d, c);
    }
  }
  return triangles;
}

/** Levels of a disc, each with all rings: a middle vertex, then rings of `spokes` vertices, clockwise from the front. */
export function discTriangles(rings: number, spokes: number, flip = false): Levels {
  return STEPS.map(({ spoke }) => {
    const triangles = discLevel(rings, spokes, stepOf(spokes, spoke));
    return flip ? flipped(triangles) : triangles;
  });
}

/** -1..1 in `columns` steps, closer together at the ends, where outlines bend most. */
export function cosineColumns(columns: number): number[] {
  return Array.from({ length: columns + 1 }, (_, i) => -Math.cos((Math.PI * i) / columns));
}

/** 0..1 in `columns` even steps. */
export function evenColumns(columns: number): number[] {
  return Array.from({ length: columns + 1 }, (_, i) => i / columns);
}

/** Places the next vertex of a feature at x, y of head space, `layer` metres off the skin. */
export type Put = (x: number, y: number, layer: number, tiltY?: number, push?: number) => void;

/** A thin sheet on the face, such as an iris or a lip. Its vertices depend on the face's weights, its triangles do not. */
export interface Feature {
  readonly name: string;
  readonly slot: PaletteSlot;
  readonly triangles: Levels;
  /** The coarsest level that still shows it; the last one if absent. */
  readonly lastLevel?: number;
  readonly place: (put: Put, weights: FaceWeights) => void;
  /** Tint by height within the feature, 0 bottom to 1 top. */
  readonly tint?: (height: number) => Tint;
}

/** Positions (head space, m) and normals of a feature's vertices. */
export interface PlacedFeature {
  readonly positions: Vec3[];
  readonly normals: Vec3[];
}

/** Least distance (m) of every feature from the smooth head. */
const SKIN_GAP = 0.0006;

/** Places a feature's vertices on a face with `weights`. */
export function placeFeature(feature: Feature, surface: FaceSurface, weights: FaceWeights): PlacedFeature {
  const placed: PlacedFeature = { positions: [], normals: [] };
  feature.place((x, y, layer, tiltY = 0, push = 0) => {
    const { at, normal } = surface(x, y);
    const moved = faceDeform(at, weights);
    const off = SKIN_GAP + layer;
    placed.positions.push([
      at[0] + normal[0] * off + moved[0],
      at[1] + normal[1] * off + moved[1],
      at[2] + normal[2] * off + moved[2] + push,
    ]);
    placed.normals.push(normalize([normal[0], normal[1] + tiltY, normal[2]]));
  }, weights);
  return placed;
}
