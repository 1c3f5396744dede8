import type { HeadShape } from '../head/headShape';
import { grow, union } from '../sdf/combine';
import { type LockShape, lock } from '../sdf/lock';
import { ellipsoid } from '../sdf/primitives';
import { mix, smoothstep } from '../sdf/scalar';
import type { Sdf } from '../sdf/sdf';
import { nape, taperedCap } from './cap';
import { type Hair, SKULL_CENTER } from './hairShape';
import { combed } from './strands';

/** Short sides and nape: above 0 where no hair grows. */
const hairline: Sdf = (x, y, z) => {
  const forehead = Math.min(z - mix(0.032, 0.075, smoothstep(0.15, 0.28, y)), 0.3 - 1.8 * x * x - y);
  const sideburn = Math.min(0.128 - y, z + 0.03);
  return Math.max(forehead, sideburn, nape(y, z));
};

const TOP: readonly LockShape[] = [
  {
    path: [
      [0.085, 0.33, -0.1],
      [0.02, 0.425, -0.13],
      [-0.13, 0.29, -0.12],
    ],
    width: [0.03, 0.05, 0.02],
    thickness: 0.026,
  },
  {
    path: [
      [0.09, 0.345, -0.05],
      [0.01, 0.45, -0.06],
      [-0.15, 0.29, -0.06],
    ],
    width: [0.03, 0.05, 0.02],
    thickness: 0.028,
  },
  {
    path: [
      [0.09, 0.35, 0.0],
      [0.0, 0.465, 0.015],
      [-0.155, 0.295, -0.002],
    ],
    width: [0.03, 0.05, 0.018],
    thickness: 0.03,
  },
  {
    path: [
      [0.088, 0.345, 0.045],
      [0.0, 0.46, 0.085],
      [-0.15, 0.29, 0.052],
    ],
    width: [0.03, 0.048, 0.016],
    thickness: 0.03,
  },
  {
    path: [
      [0.084, 0.335, 0.08],
      [0.01, 0.425, 0.145],
      [-0.13, 0.262, 0.092],
    ],
    width: [0.028, 0.046, 0.014],
    thickness: 0.028,
  },
  {
    path: [
      [0.078, 0.32, 0.105],
      [0.02, 0.38, 0.178],
      [-0.092, 0.262, 0.132],
    ],
    width: [0.026, 0.04, 0.012],
    thickness: 0.024,
  },
  {
    path: [
      [0.082, 0.33, 0.075],
      [0.125, 0.345, 0.115],
      [0.14, 0.25, 0.075],
    ],
    width: [0.024, 0.032, 0.012],
    thickness: 0.02,
  },
  {
    path: [
      [0.09, 0.335, 0.02],
      [0.15, 0.34, 0.03],
      [0.158, 0.25, 0.02],
    ],
    width: [0.026, 0.036, 0.016],
    thickness: 0.02,
  },
];

const strandPhase: Sdf = (_x, y, z) => z * 26 + y * 9;

/** Short at the sides, long on top and combed over from the left. */
export function swept(head: HeadShape): Hair {
  const full = union(0.05, grow(head.base, 0.013), ellipsoid([0, 0.262, -0.03], [0.163, 0.125, 0.158]));
  const sides = taperedCap(head, full, hairline);
  const top = TOP.map((shape) => lock(shape, SKULL_CENTER));
  return { shape: union(0.016, combed(sides, 0.0015, strandPhase), ...top), triangles: 3200, cellSize: 0.0056 };
}
