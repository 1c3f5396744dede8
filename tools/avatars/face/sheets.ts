/** Columns of a feature's grid and spokes of its discs. */
export interface FeatureDetail {
  readonly columns: number;
  readonly spokes: number;
}

export const FULL_FEATURES: FeatureDetail = { columns: 20, spokes: 24 };

function flipped(triangles: number[]): number[] {
  const out: number[] = [];
  for (let i = 0; i < triangles.length; i += 3) out.push(triangles[i]!, triangles[i + 2]!, triangles[i + 1]!);
  return out;
}

/** Triangles of a grid whose rows go up and columns towards +x; `flip` for columns towards -x or rows down. */
export function gridTriangles(rows: number, columns: number, flip = false): number[] {
  const triangles: number[] = [];
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const a = row * (columns + 1) + column;
      const c = a + columns + 1;
      triangles.push(a, a + 1, c + 1, a, c + 1, c);
    }
  return flip ? flipped(triangles) : triangles;
}

/** Triangles of a disc: a middle vertex, then rings of `spokes` vertices, clockwise seen from the front. */
export function discTriangles(rings: number, spokes: number, flip = false): number[] {
  const triangles: number[] = [];
  const at = (ring: number, spoke: number) => 1 + (ring - 1) * spokes + (spoke % spokes);
  for (let spoke = 0; spoke < spokes; spoke++) {
    triangles.push(0, at(1, spoke + 1), at(1, spoke));
    for (let ring = 1; ring < rings; ring++) {
      const [a, b, c, d] = [at(ring, spoke), at(ring, spoke + 1), at(ring + 1, spoke), at(ring + 1, spoke + 1)];
      triangles.push(a, b, d, a, d, c);
    }
  }
  return flip ? flipped(triangles) : triangles;
}

/** -1..1 in `columns` steps, closer together at the ends, where outlines bend most. */
export function cosineColumns(columns: number): number[] {
  return Array.from({ length: columns + 1 }, (_, i) => -Math.cos((Math.PI * i) / columns));
}

/** 0..1 in `columns` even steps. */
export function evenColumns(columns: number): number[] {
  return Array.from({ length: columns + 1 }, (_, i) => i / columns);
}
