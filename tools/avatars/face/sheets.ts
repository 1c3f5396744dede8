import type { Levels } from '../mesh/levels';

/** Columns of a feature's grid and spokes of its discs. */
export interface FeatureDetail {
  readonly columns: number;
  readonly spokes: number;
}

export const FULL_FEATURES: FeatureDetail = { columns: 20, spokes: 24 };

/** How many columns, spokes and rows each level takes together. */
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

/** The largest step up to `wanted` that divides `count`, or all of it where `wanted` is more than half. */
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
 * Levels of a grid whose rows go up and columns towards +x; `flip` for columns towards -x or rows down. A sheet that lies
 * under others keeps all its rows: eyes lie in hollows, and a chord across one would come out through what lies on it.
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

/** Levels of a disc, all with all its rings: a middle vertex, then rings of `spokes` vertices, clockwise seen from the front. */
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
