import type { HeadShape } from '../head/headShape';
import { grow, union } from '../sdf/combine';
import { type LockShape, lock } from '../sdf/lock';
import { ellipsoid, ring } from '../sdf/primitives';
import { mix, smoothstep } from '../sdf/scalar';
import type { Sdf, Vec3 } from '../sdf/sdf';
import { nape, taperedCap } from './cap';
import { type Hair, SKULL_CENTER } from './hairShape';
import { combed } from './strands';

/** Where the hair is tied. */
const TIE: Vec3 = [0, 0.315, -0.175];
const STRANDS = 20;

const hairline: Sdf = (x, y, z) => {
  const forehead = Math.min(z - mix(0.03, 0.07, smoothstep(0.14, 0.28, y)), 0.296 - 1.6 * x * x - y);
  const sideburn = Math.min(0.135 - y, z + 0.03);
  return Math.max(forehead, sideburn, nape(y, z));
};

/** Strands run back to the tie. */
const capPhase: Sdf = (x, y) => (Math.atan2(x, y - TIE[1] + 0.03) / (2 * Math.PI)) * STRANDS;

/** A part of the tail, swinging out by `x` (m) and coming in again at its tip. */
function tail(x: number, width: number, tip: number): LockShape {
  return {
    path: [
      [x * 0.3, 0.318, -0.165],
      [x * 2.1, 0.35, -0.325],
      [x * 0.35, tip, -0.2],
    ],
    width: [0.028, width, 0.01],
    thickness: width * 0.9,
    fullestAt: 0.5,
  };
}

const TAIL: readonly LockShape[] = [tail(0, 0.056, 0.03), tail(0.03, 0.042, 0.055), tail(-0.03, 0.042, 0.055)];

/** A straight fringe to just above the brows, a strand before each ear. */
const FRINGE: readonly LockShape[] = [-0.105, -0.07, -0.035, 0, 0.035, 0.07, 0.105].map((x) => ({
  path: [
    [x * 0.45, 0.362, 0.07],
    [x * 0.95, 0.338, 0.172 - 3.2 * x * x],
    [x * 1.12, 0.266 - 1.4 * x * x, 0.158 - 5.2 * x * x],
  ],
  width: [0.02, 0.033, 0.02],
  thickness: 0.017,
  fullestAt: 0.6,
}));

const TEMPLES: readonly LockShape[] = [1, -1].map((side) => ({
  path: [
    [0.1 * side, 0.31, 0.1],
    [0.168 * side, 0.25, 0.085],
    [0.134 * side, 0.085, 0.05],
  ],
  width: [0.02, 0.024, 0.007],
  thickness: 0.014,
  fullestAt: 0.4,
}));

/** Long hair tied high at the back, with a straight fringe. */
export function ponytail(head: HeadShape): Hair {
  const full = union(0.05, grow(head.base, 0.015), ellipsoid([0, 0.248, -0.022], [0.166, 0.142, 0.166]));
  const cap = combed(taperedCap(head, full, hairline), 0.0026, capPhase);
  const locks = [...FRINGE, ...TEMPLES].map((shape) => lock(shape, SKULL_CENTER));
  const tailShape = union(0.012, ...TAIL.map((shape) => lock(shape, [0, 0.2, -0.1])));
  return {
    shape: union(0.014, cap, tailShape, ...locks),
    tie: ring([TIE[0], TIE[1] + 0.008, TIE[2] - 0.012], 0.031, 0.0125, 1.25),
    triangles: 2640,
    cellSize: 0.0056,
  };
}
