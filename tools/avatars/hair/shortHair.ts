import type { HeadShape } from '../head/headParts';
import { type LockShape, lock } from '../sdf/lock';
import { bell, mix, smoothMax, smoothMin, smoothstep } from '../sdf/maths';
import type { Sdf, Vec3 } from '../sdf/sdf';
import { ellipsoid, grow, sphere, union } from '../sdf/shapes';
import { combed, type Hair, nape, SKULL_CENTER, taperedCap } from './hairShape';

/** Radians of curl per metre. */
const CURL = 165;
const CURL_DEPTH = 0.0024;

const cropHairline: Sdf = (x, y, z) => {
  const corner = 0.016 * bell((Math.abs(x) - 0.11) ** 2, 0.03);
  const forehead = Math.min(z - mix(0.015, 0.075, smoothstep(0.14, 0.28, y)), 0.298 - 0.9 * x * x - corner - y);
  const sideburn = Math.min(0.142 - y, z + 0.042);
  return Math.max(forehead, sideburn, nape(y, z));
};

const cropCurls: Sdf = (x, y, z) =>
  CURL_DEPTH * Math.sin(x * CURL) * Math.sin(y * CURL + 1) * Math.sin(z * CURL + 2) * smoothstep(0.2, 0.3, y);

/** Tight curls, full on top and faded towards the neck. */
export function crop(head: HeadShape): Hair {
  const faded: Sdf = (x, y, z) => head.base(x, y, z) - mix(0.0045, 0.013, smoothstep(0.12, 0.26, y));
  const smooth = union(0.045, faded, ellipsoid([0, 0.285, -0.02], [0.158, 0.13, 0.158]));
  const full: Sdf = (x, y, z) => smooth(x, y, z) + cropCurls(x, y, z);
  const cap = taperedCap(head, full, cropHairline);
  return {
    shape: cap,
    triangles: 3000,
    cellSize: 0.0054,
  };
}

const MIDDLE: Vec3 = [0, 0.25, -0.02];
const RADII: Vec3 = [0.165, 0.15, 0.162];
/** Curls on the crown, and the angle (radians) from one to the next on their spiral: the golden angle. */
const CURLS = 74;
const GOLDEN = Math.PI * (3 - Math.sqrt(5));

const curlsHairline: Sdf = (x, y, z) => {
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
  }).filter(({ at: [x, y, z] }) => curlsHairline(x, y, z) < -0.012 && y > 0.15);
}

/** A head full of large soft curls, shorter at the sides. */
export function curls(head: HeadShape): Hair {
  const full = union(0.05, grow(head.base, 0.013), ellipsoid([0, 0.258, -0.022], [0.162, 0.14, 0.16]));
  const cap = taperedCap(head, full, curlsHairline);
  const balls = curlBalls().map(({ at, radius }) => sphere(at, radius));
  const shape: Sdf = (x, y, z) => {
    let distance = Number.POSITIVE_INFINITY;
    for (const ball of balls) distance = smoothMin(distance, ball(x, y, z), 0.006);
    return smoothMin(cap(x, y, z), distance, 0.012);
  };
  return { shape, triangles: 3000, cellSize: 0.0058 };
}

const ringHairline: Sdf = (x, y, z) => {
  const crown = y - mix(0.232, 0.285, smoothstep(0.02, -0.13, z)) + 0.012 * bell(x * x, 0.06);
  const front = z - mix(-0.005, 0.03, smoothstep(0.12, 0.2, y));
  const sideburn = Math.min(0.12 - y, z + 0.012);
  return Math.max(smoothMax(crown, front, 0.05), sideburn, nape(y, z));
};

const tufts: Sdf = (x, y, z) => 0.004 * Math.sin(Math.atan2(x, -z) * 17 + y * 26);

/** Thick hair at the sides and the back, none on top. */
export function ring(head: HeadShape): Hair {
  const full: Sdf = (x, y, z) => head.base(x, y, z) - 0.021 + tufts(x, y, z);
  return { shape: taperedCap(head, full, ringHairline), triangles: 2400, cellSize: 0.0056 };
}

/** Short sides and nape; positive where no hair grows. */
const sweptHairline: Sdf = (x, y, z) => {
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
  const sides = taperedCap(head, full, sweptHairline);
  const top = TOP.map((shape) => lock(shape, SKULL_CENTER));
  return { shape: union(0.016, combed(sides, 0.0015, strandPhase), ...top), triangles: 3200, cellSize: 0.0056 };
}
