import type { Sdf } from './sdf';

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
