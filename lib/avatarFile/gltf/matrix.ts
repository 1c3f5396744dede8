/** Matrices of 4x4, column by column as glTF has them, in double precision. */

export function identityMatrix(): Float64Array {
  const m = new Float64Array(16);
  for (let i = 0; i < 16; i += 5) m[i] = 1;
  return m;
}

/** The product `a` x `b`: `b` is applied first. */
export function multiplyMatrices(a: ArrayLike<number>, b: ArrayLike<number>): Float64Array {
  const out = new Float64Array(16);
  for (let column = 0; column < 4; column += 1) {
    for (let row = 0; row < 4; row += 1) {
      let sum = 0;
      for (let k = 0; k < 4; k += 1) sum += a[k * 4 + row]! * b[column * 4 + k]!;
      out[column * 4 + row] = sum;
    }
  }
  return out;
}

/** The matrix of a translation, a rotation (x y z w, normalised here) and a scale. */
export function composeMatrix(t: ArrayLike<number>, q: ArrayLike<number>, s: ArrayLike<number>): Float64Array {
  const length = Math.hypot(q[0]!, q[1]!, q[2]!, q[3]!) || 1;
  const [x, y, z, w] = [q[0]! / length, q[1]! / length, q[2]! / length, q[3]! / length];
  const turn = [
    [1 - 2 * (y * y + z * z), 2 * (x * y + w * z), 2 * (x * z - w * y)],
    [2 * (x * y - w * z), 1 - 2 * (x * x + z * z), 2 * (y * z + w * x)],
    [2 * (x * z + w * y), 2 * (y * z - w * x), 1 - 2 * (x * x + y * y)],
  ];
  const out = identityMatrix();
  for (let i = 0; i < 9; i += 1) {
    const column = Math.floor(i / 3);
    out[column * 4 + (i % 3)] = turn[column]![i % 3]! * s[column]!;
  }
  out.set([t[0]!, t[1]!, t[2]!], 12);
  return out;
}

export type Point = readonly [x: number, y: number, z: number];

/** Where a matrix takes a point. */
export function transformPoint(m: ArrayLike<number>, [x, y, z]: Point): Point {
  const at = (row: number) => m[row]! * x + m[4 + row]! * y + m[8 + row]! * z + m[12 + row]!;
  return [at(0), at(1), at(2)];
}

/** A direction under a matrix. */
export function transformDirection(m: ArrayLike<number>, [x, y, z]: Point): Point {
  const at = (row: number) => m[row]! * x + m[4 + row]! * y + m[8 + row]! * z;
  return [at(0), at(1), at(2)];
}

/** The translation of a matrix. */
export function originOf(m: ArrayLike<number>): Point {
  return [m[12]!, m[13]!, m[14]!];
}

/** The rotation of a matrix whose columns are at right angles: x y z w. A mirrored one counts as if it were not. */
export function rotationOf(m: ArrayLike<number>): Float64Array {
  const column = (at: number): Point => {
    const length = Math.hypot(m[at]!, m[at + 1]!, m[at + 2]!) || 1;
    return [m[at]! / length, m[at + 1]! / length, m[at + 2]! / length];
  };
  const [x, y, z] = [column(0), column(4), column(8)];
  // The largest of the four is found first, so that none is divided by almost nothing.
  const squares = [1 + x[0] - y[1] - z[2], 1 - x[0] + y[1] - z[2], 1 - x[0] - y[1] + z[2], 1 + x[0] + y[1] + z[2]];
  const largest = squares.indexOf(Math.max(...squares));
  const rows = [
    [squares[0]!, y[0] + x[1], z[0] + x[2], y[2] - z[1]],
    [y[0] + x[1], squares[1]!, z[1] + y[2], z[0] - x[2]],
    [z[0] + x[2], z[1] + y[2], squares[2]!, x[1] - y[0]],
    [y[2] - z[1], z[0] - x[2], x[1] - y[0], squares[3]!],
  ];
  const row = rows[largest]!;
  const length = Math.hypot(...row);
  return Float64Array.from(row, (value) => value / length);
}

/** How much larger a matrix makes things along its x axis. */
export function scaleOf(m: ArrayLike<number>): number {
  return Math.hypot(m[0]!, m[1]!, m[2]!);
}

/** Where a point lies within the space of a matrix whose columns are at right angles: the inverse of {@link transformPoint}. */
export function pointWithin(m: ArrayLike<number>, [x, y, z]: Point): Point {
  const [dx, dy, dz] = [x - m[12]!, y - m[13]!, z - m[14]!];
  const along = (at: number) => {
    const [cx, cy, cz] = [m[at]!, m[at + 1]!, m[at + 2]!];
    return (cx * dx + cy * dy + cz * dz) / (cx * cx + cy * cy + cz * cz);
  };
  return [along(0), along(4), along(8)];
}
