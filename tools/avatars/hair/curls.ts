import type { HeadShape } from '../head/headShape';
import { grow, union } from '../sdf/combine';
import { ellipsoid, sphere } from '../sdf/primitives';
import { mix, smoothMin, smoothstep } from '../sdf/scalar';
import type { Sdf, Vec3 } from '../sdf/sdf';
import { nape, taperedCap } from './cap';
import type { Hair } from './hairShape';

const MIDDLE: Vec3 = [0, 0.25, -0.02];
const RADII: Vec3 = [0.165, 0.15, 0.162];
/** Curls on the crown, and the angle (radians) from one to the next on their spiral: the golden angle. */
const CURLS = 74;
const GOLDEN = Math.PI * (3 - Math.sqrt(5));

const hairline: Sdf = (x, y, z) => {
  const forehead = Math.min(z - mix(0.02, 0.07, smoothstep(0.14, 0.28, y)), 0.3 - 1.3 * x * x - y);
  const sideburn = Math.min(0.135 - y, z + 0.036);
  return Math.max(forehead, sideburn, nape(y, z));
};

/** Middles and radii of curls, spread evenly over the upper part of the hair (Fibonacci sphere). */
function curlBalls(): Array<{ at: Vec3; radius: number }> {
  return Array.from({ length: CURLS }, (_, i) => {
    const up = 1 - (i / CURLS) * 1.25;
    const around = Math.sqrt(Math.max(0, 1 - up * up));
    const turn = i * GOLDEN;
    const unit: Vec3 = [Math.cos(turn) * around, up, Math.sin(turn) * around];
    return {
      at: [MIDDLE[0] + unit[0] * RADII[0], MIDDLE[1] + unit[1] * RADII[1], MIDDLE[2] + unit[2] * RADII[2]],
      radius: 0.027 + 0.007 * Math.sin(i * 2.4),
    } as const;
  }).filter(({ at: [x, y, z] }) => hairline(x, y, z) < -0.012 && y > 0.15);
}

/** A head full of large soft curls, shorter at the sides. */
export function curls(head: HeadShape): Hair {
  const full = union(0.05, grow(head.base, 0.013), ellipsoid([0, 0.258, -0.022], [0.162, 0.14, 0.16]));
  const cap = taperedCap(head, full, hairline);
  const balls = curlBalls().map(({ at, radius }) => sphere(at, radius));
  const shape: Sdf = (x, y, z) => {
    let distance = Number.POSITIVE_INFINITY;
    for (const ball of balls) distance = smoothMin(distance, ball(x, y, z), 0.006);
    return smoothMin(cap(x, y, z), distance, 0.012);
  };
  return { shape, triangles: 3000, cellSize: 0.0058 };
}
