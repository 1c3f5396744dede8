import type { HeadShape } from '../head/headShape';
import { grow, union } from '../sdf/combine';
import { type LockShape, lock } from '../sdf/lock';
import { ellipsoid, ring } from '../sdf/primitives';
import { mix, smoothMin, smoothstep } from '../sdf/scalar';
import type { Sdf, Vec3 } from '../sdf/sdf';
import { nape, taperedCap } from './cap';
import { type Hair, SKULL_CENTER } from './hairShape';
import { combed } from './strands';

const BUN: Vec3 = [0, 0.41, -0.085];
const BUN_TILT = 0.42;
const STRANDS = 21;

const hairline: Sdf = (x, y, z) => {
  const top = 0.308 - 2.2 * x * x;
  const forehead = Math.min(z - mix(0.03, 0.075, smoothstep(0.14, 0.28, y)), top - y);
  const sideburn = Math.min(0.14 - y, z + 0.03);
  return Math.max(forehead, sideburn, nape(y, z));
};

/** Strands run from the hairline to the bun: constant along great circles through it. */
const capPhase: Sdf = (x, y, z) => {
  const alongY = (y - 0.2) * Math.cos(BUN_TILT) - (z + 0.012) * Math.sin(BUN_TILT);
  const alongZ = (y - 0.2) * Math.sin(BUN_TILT) + (z + 0.012) * Math.cos(BUN_TILT);
  return (Math.atan2(x, alongZ) / (2 * Math.PI)) * STRANDS + 0.15 * Math.sin(alongY * 20);
};

/** The bun's strands wind about its axis. */
const bunPhase: Sdf = (x, y, z) => Math.atan2(x, z - BUN[2]) / Math.PI + (y - BUN[1]) * 30;

const LOOSE: readonly LockShape[] = [1, -1].flatMap((side): LockShape[] => [
  {
    path: [
      [0.008 * side, 0.337, 0.122],
      [0.13 * side, 0.328, 0.112],
      [0.156 * side, 0.175, 0.014],
    ],
    width: [0.016, 0.034, 0.012],
    thickness: 0.015,
  },
]);

/** Hair combed up into a bun on the crown, a loose strand swept to each temple. */
export function bun(head: HeadShape): Hair {
  const full = union(0.05, grow(head.base, 0.015), ellipsoid([0, 0.25, -0.025], [0.166, 0.146, 0.166]));
  const combedCap = combed(taperedCap(head, full, hairline), 0.003, capPhase);
  const knot = combed(ellipsoid(BUN, [0.07, 0.06, 0.068]), 0.005, bunPhase);
  const loose = union(0.004, ...LOOSE.map((shape) => lock(shape, SKULL_CENTER)));
  const shape: Sdf = (x, y, z) => smoothMin(smoothMin(combedCap(x, y, z), knot(x, y, z), 0.012), loose(x, y, z), 0.008);
  const tie = ring([0, 0.371, -0.07], 0.043, 0.0155, BUN_TILT);
  return { shape, tie, triangles: 3200, cellSize: 0.0056 };
}
