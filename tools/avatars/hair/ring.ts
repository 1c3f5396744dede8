import type { HeadShape } from '../head/headShape';
import { bell, mix, smoothMax, smoothstep } from '../sdf/scalar';
import type { Sdf } from '../sdf/sdf';
import { nape, taperedCap } from './cap';
import type { Hair } from './hairShape';

const hairline: Sdf = (x, y, z) => {
  const crown = y - mix(0.232, 0.285, smoothstep(0.02, -0.13, z)) + 0.012 * bell(x * x, 0.06);
  const front = z - mix(-0.005, 0.03, smoothstep(0.12, 0.2, y));
  const sideburn = Math.min(0.12 - y, z + 0.012);
  return Math.max(smoothMax(crown, front, 0.05), sideburn, nape(y, z));
};

const tufts: Sdf = (x, y, z) => 0.004 * Math.sin(Math.atan2(x, -z) * 17 + y * 26);

/** Thick hair at the sides and the back, none on top. */
export function ring(head: HeadShape): Hair {
  const full: Sdf = (x, y, z) => head.base(x, y, z) - 0.021 + tufts(x, y, z);
  return { shape: taperedCap(head, full, hairline), triangles: 2400, cellSize: 0.0056 };
}
