import type { HeadShape } from '../head/headShape';
import { grow, intersect, subtractShape, union } from '../sdf/combine';
import { lock } from '../sdf/lock';
import { ellipsoid, limb } from '../sdf/primitives';
import { mix, smoothMax, smoothstep } from '../sdf/scalar';
import type { Sdf } from '../sdf/sdf';
import { type Hair, SKULL_CENTER } from './hairShape';
import { combed } from './strands';

/** Where the parting meets the top of the head (head space). */
const PARTING_X = 0.05;
const STRANDS = 19;

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
  return turn * STRANDS + 0.3 * Math.sin(y * 22);
}

const FRINGE = [
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
  const fringe = FRINGE.map((shape) => lock(shape, SKULL_CENTER));
  return { shape: union(0.026, combed(body, 0.0045, strandPhase), ...fringe), triangles: 3400, cellSize: 0.0056 };
}
