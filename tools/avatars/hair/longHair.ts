import type { HeadShape } from '../head/headParts';
import { type LockShape, lock } from '../sdf/lock';
import { mix, smoothMax, smoothMin, smoothstep } from '../sdf/maths';
import type { Sdf, Vec3 } from '../sdf/sdf';
import { ellipsoid, grow, intersect, limb, ring, subtractShape, union } from '../sdf/shapes';
import { combed, type Hair, nape, SKULL_CENTER, taperedCap } from './hairShape';

/** Where the parting meets the top of the head (head space). */
const PARTING_X = 0.05;
const BOB_STRANDS = 19;

/** Where the face shows: a soft arch, wider at the cheeks, in front of the ears. */
const faceOpening: Sdf = (x, y, z) => {
  const half = mix(0.104, 0.122, smoothstep(0.02, 0.16, y)) - 0.05 * smoothstep(0.2, 0.32, y);
  const arch = smoothMax(Math.abs(x) - half, y - 0.315, 0.05);
  return smoothMax(arch, 0.022 - z, 0.02);
};

function shell(head: HeadShape): Sdf {
  const crown = union(0.05, grow(head.base, 0.016), ellipsoid([0, 0.235, -0.025], [0.176, 0.166, 0.176]));
  const curtain = ellipsoid([0, 0.128, -0.03], [0.184, 0.122, 0.166]);
  const edge: Sdf = (x, y, z) => 0.022 + 0.02 * smoothstep(0.02, -0.14, z) + 0.25 * x * x - y;
  return intersect(union(0.07, crown, curtain), edge, 0.03);
}

const neckRoom = limb([0, -0.1, 0.01], [0, 0.075, 0.03], 0.085, 0.07);

function strandPhase(x: number, y: number, z: number): number {
  const turn = Math.atan2(x - PARTING_X * smoothstep(0.2, 0.36, y), -(z + 0.02)) / (2 * Math.PI);
  return turn * BOB_STRANDS + 0.3 * Math.sin(y * 22);
}

const BOB_FRINGE = [
  {
    path: [
      [0.062, 0.362, 0.09],
      [-0.005, 0.338, 0.155],
      [-0.128, 0.19, 0.1],
    ],
    width: [0.02, 0.038, 0.012],
    thickness: 0.02,
  },
  {
    path: [
      [0.062, 0.36, 0.1],
      [0.02, 0.338, 0.158],
      [-0.092, 0.228, 0.14],
    ],
    width: [0.02, 0.036, 0.011],
    thickness: 0.02,
  },
  {
    path: [
      [0.06, 0.358, 0.105],
      [0.04, 0.328, 0.16],
      [-0.035, 0.252, 0.162],
    ],
    width: [0.018, 0.032, 0.01],
    thickness: 0.018,
  },
  {
    path: [
      [0.056, 0.362, 0.085],
      [0.095, 0.335, 0.148],
      [0.124, 0.2, 0.106],
    ],
    width: [0.02, 0.034, 0.011],
    thickness: 0.02,
  },
] as const;

/** Chin-length hair that curls inwards, parted on the left, with a fringe swept to the right. */
export function bob(head: HeadShape): Hair {
  const body = subtractShape(subtractShape(shell(head), faceOpening, 0.022), neckRoom, 0.02);
  const fringe = BOB_FRINGE.map((shape) => lock(shape, SKULL_CENTER));
  return { shape: union(0.026, combed(body, 0.0045, strandPhase), ...fringe), triangles: 3400, cellSize: 0.0056 };
}

const BUN: Vec3 = [0, 0.41, -0.085];
const BUN_TILT = 0.42;
const BUN_STRANDS = 21;

const bunHairline: Sdf = (x, y, z) => {
  const top = 0.308 - 2.2 * x * x;
  const forehead = Math.min(z - mix(0.03, 0.075, smoothstep(0.14, 0.28, y)), top - y);
  const sideburn = Math.min(0.14 - y, z + 0.03);
  return Math.max(forehead, sideburn, nape(y, z));
};

/** Strands run from the hairline to the bun: constant along great circles through it. */
const bunCapPhase: Sdf = (x, y, z) => {
  const alongY = (y - 0.2) * Math.cos(BUN_TILT) - (z + 0.012) * Math.sin(BUN_TILT);
  const alongZ = (y - 0.2) * Math.sin(BUN_TILT) + (z + 0.012) * Math.cos(BUN_TILT);
  return (Math.atan2(x, alongZ) / (2 * Math.PI)) * BUN_STRANDS + 0.15 * Math.sin(alongY * 20);
};

/** The bun's strands wind about its axis. */
const knotPhase: Sdf = (x, y, z) => Math.atan2(x, z - BUN[2]) / Math.PI + (y - BUN[1]) * 30;

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
  const combedCap = combed(taperedCap(head, full, bunHairline), 0.003, bunCapPhase);
  const knot = combed(ellipsoid(BUN, [0.07, 0.06, 0.068]), 0.005, knotPhase);
  const loose = union(0.004, ...LOOSE.map((shape) => lock(shape, SKULL_CENTER)));
  const shape: Sdf = (x, y, z) => smoothMin(smoothMin(combedCap(x, y, z), knot(x, y, z), 0.012), loose(x, y, z), 0.008);
  const tie = ring([0, 0.371, -0.07], 0.043, 0.0155, BUN_TILT);
  return { shape, tie, triangles: 3200, cellSize: 0.0056 };
}

/** Where the hair is tied. */
const TIE: Vec3 = [0, 0.315, -0.175];
const PONYTAIL_STRANDS = 20;

const ponytailHairline: Sdf = (x, y, z) => {
  const forehead = Math.min(z - mix(0.03, 0.07, smoothstep(0.14, 0.28, y)), 0.296 - 1.6 * x * x - y);
  const sideburn = Math.min(0.135 - y, z + 0.03);
  return Math.max(forehead, sideburn, nape(y, z));
};

/** Strands run back to the tie. */
const ponytailCapPhase: Sdf = (x, y) => (Math.atan2(x, y - TIE[1] + 0.03) / (2 * Math.PI)) * PONYTAIL_STRANDS;

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
const PONYTAIL_FRINGE: readonly LockShape[] = [-0.105, -0.07, -0.035, 0, 0.035, 0.07, 0.105].map((x) => ({
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
  const cap = combed(taperedCap(head, full, ponytailHairline), 0.0026, ponytailCapPhase);
  const locks = [...PONYTAIL_FRINGE, ...TEMPLES].map((shape) => lock(shape, SKULL_CENTER));
  const tailShape = union(0.012, ...TAIL.map((shape) => lock(shape, [0, 0.2, -0.1])));
  return {
    shape: union(0.014, cap, tailShape, ...locks),
    tie: ring([TIE[0], TIE[1] + 0.008, TIE[2] - 0.012], 0.031, 0.0125, 1.25),
    triangles: 2640,
    cellSize: 0.0056,
  };
}
