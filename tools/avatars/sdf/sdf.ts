/** A point or direction: x to the avatar's left, y up, z forwards; metres. */
export type Vec3 = readonly [number, number, number];

/** A signed distance field: approximate distance (m) of a point from a shape, negative inside. */
export type Sdf = (x: number, y: number, z: number) => number;

/** An axis-aligned box (m) that holds a shape. */
export interface Bounds {
  readonly min: Vec3;
  readonly max: Vec3;
}

export function bounds(min: Vec3, max: Vec3): Bounds {
  return { min, max };
}

/** Unit direction in which a field grows, and how fast (1 for a true distance). */
export interface Gradient {
  x: number;
  y: number;
  z: number;
  slope: number;
}

/** Central differences over `step` metres; writes into `out`. */
export function gradient(field: Sdf, x: number, y: number, z: number, out: Gradient, step = 0.0015): Gradient {
  const gx = field(x + step, y, z) - field(x - step, y, z);
  const gy = field(x, y + step, z) - field(x, y - step, z);
  const gz = field(x, y, z + step) - field(x, y, z - step);
  const size = Math.hypot(gx, gy, gz) || 1;
  out.x = gx / size;
  out.y = gy / size;
  out.z = gz / size;
  out.slope = size / (2 * step);
  return out;
}

export function emptyGradient(): Gradient {
  return { x: 0, y: 0, z: 0, slope: 1 };
}
