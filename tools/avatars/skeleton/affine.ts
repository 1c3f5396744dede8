import type { Vec3 } from '../sdf/sdf';

/** A 3x4 matrix by rows: rotation (and shear), then translation. */
export type Affine = readonly number[];

export const IDENTITY: Affine = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];

export function multiply(a: Affine, b: Affine): Affine {
  const out: number[] = [];
  for (let row = 0; row < 3; row++)
    for (let column = 0; column < 4; column++) {
      let sum = column === 3 ? a[row * 4 + 3]! : 0;
      for (let k = 0; k < 3; k++) sum += a[row * 4 + k]! * b[k * 4 + column]!;
      out.push(sum);
    }
  return out;
}

export function transformPoint(m: Affine, [x, y, z]: Vec3): Vec3 {
  return [
    m[0]! * x + m[1]! * y + m[2]! * z + m[3]!,
    m[4]! * x + m[5]! * y + m[6]! * z + m[7]!,
    m[8]! * x + m[9]! * y + m[10]! * z + m[11]!,
  ];
}

/** Turns a direction by the matrix's linear part. */
export function transformDirection(m: Affine, [x, y, z]: Vec3): Vec3 {
  return [m[0]! * x + m[1]! * y + m[2]! * z, m[4]! * x + m[5]! * y + m[6]! * z, m[8]! * x + m[9]! * y + m[10]! * z];
}

/** Turns a direction by the transpose of the linear part, as a normal needs for the inverse of `m`. */
export function transformTransposed(m: Affine, [x, y, z]: Vec3): Vec3 {
  return [m[0]! * x + m[4]! * y + m[8]! * z, m[1]! * x + m[5]! * y + m[9]! * z, m[2]! * x + m[6]! * y + m[10]! * z];
}

/** The inverse of any matrix whose linear part is regular. */
export function invert(m: Affine): Affine {
  const [a, b, c, tx, d, e, f, ty, g, h, i, tz] = m as [...number[]] & Affine;
  const A = e! * i! - f! * h!;
  const B = f! * g! - d! * i!;
  const C = d! * h! - e! * g!;
  const det = a! * A + b! * B + c! * C;
  const linear = [
    A,
    c! * h! - b! * i!,
    b! * f! - c! * e!,
    B,
    a! * i! - c! * g!,
    c! * d! - a! * f!,
    C,
    b! * g! - a! * h!,
    a! * e! - b! * d!,
  ];
  const [p, q, r, s, t, u, v, w, x] = linear.map((value) => value / det);
  const back = (k: number, l: number, n: number) => -(k * tx! + l * ty! + n * tz!);
  return [p!, q!, r!, back(p!, q!, r!), s!, t!, u!, back(s!, t!, u!), v!, w!, x!, back(v!, w!, x!)];
}

/** Adds `weight` times a matrix into `sum` (linear blend skinning). */
export function addWeighted(sum: number[], m: Affine, weight: number): void {
  for (let k = 0; k < 12; k++) sum[k] = (sum[k] ?? 0) + m[k]! * weight;
}

const RADIANS = Math.PI / 180;

/** A turn by `degrees` about an axis through `pivot`. */
export function turnAbout(axis: 'x' | 'y' | 'z', degrees: number, pivot: Vec3): Affine {
  const c = Math.cos(degrees * RADIANS);
  const s = Math.sin(degrees * RADIANS);
  const linear = {
    x: [1, 0, 0, 0, c, -s, 0, s, c],
    y: [c, 0, s, 0, 1, 0, -s, 0, c],
    z: [c, -s, 0, s, c, 0, 0, 0, 1],
  }[axis];
  const out: number[] = [];
  for (let row = 0; row < 3; row++) {
    const [l0, l1, l2] = [linear[row * 3]!, linear[row * 3 + 1]!, linear[row * 3 + 2]!];
    out.push(l0, l1, l2, pivot[row as 0 | 1 | 2] - (l0 * pivot[0] + l1 * pivot[1] + l2 * pivot[2]));
  }
  return out;
}
