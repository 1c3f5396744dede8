import type { Build } from '../avatarSpecs';
import type { Part } from '../part';
import { mix, smoothMax, smoothstep } from '../sdf/maths';
import { bounds, type Sdf } from '../sdf/sdf';
import { ellipsoid, grow, intersect, limb, mirror, ring, subtractShape, union } from '../sdf/shapes';
import { bodyWeights } from '../weights/bodyWeights';
import { aboveHem, COLLAR_BUTTON, CUFF_BOUNDS, cuffShape, shirtCollar, TOP_BOUNDS, topShape, trunk } from './torso';

/** Height (m) of the top button, where the fronts meet, and of the seam below. */
const BUTTON = 0.905;
const SEAM = 0.765;
const BLAZER_BUTTONS = [0.89, 0.842] as const;

/** Half width (m) of the V between the fronts. */
function blazerGap(y: number): number {
  return mix(0.003, 0.054, smoothstep(BUTTON, 1.15, y));
}

const opening: Sdf = (x, y, z) => smoothMax(Math.max(Math.abs(x) - blazerGap(y) - 0.008, 0.03 - z), BUTTON - y, 0.01);

/** Below the buttons the fronts swing apart. */
const vent: Sdf = (x, y, z) => Math.max(Math.abs(x) - 0.05 * smoothstep(0.84, SEAM - 0.02, y), -z, y - 0.84);

function lapels(cloth: Sdf): Sdf {
  return mirror((x, y, z) => {
    const inner = blazerGap(y) - x;
    const breadth = mix(0.006, 0.046, smoothstep(BUTTON - 0.01, 1.07, y)) * (1 - 0.42 * smoothstep(1.09, 1.16, y));
    const outer = x - blazerGap(y) - breadth;
    const leaf = smoothMax(Math.abs(cloth(x, y, z) - 0.001) - 0.0055, Math.max(inner, outer), 0.005);
    return smoothMax(leaf, Math.max(BUTTON - 0.012 - y, y - 1.16, 0.01 - z), 0.008);
  });
}

/** Lies round the back of the neck and tapers into the lapels. */
const collar = intersect(ring([0, 1.152, -0.018], 0.075, 0.0145, -0.22), (_x, _y, z) => z - 0.03, 0.02);

const neckHole = limb([0, 1.15, -0.012], [0, 1.3, -0.012], 0.0635, 0.08);
const turtleneck = intersect(limb([0, 1.07, -0.012], [0, 1.25, -0.012], 0.0625, 0.0595), (_x, y) => y - 1.182, 0.012);

function coat(build: Build): Sdf {
  const cloth = topShape(build, { torso: 0.011, sleeve: 0.006, sleeveEnd: 0.484 });
  const skirt = ellipsoid([0, 0.81, 0], [0.13 * build.pelvis + 0.006, 0.14, 0.112]);
  return intersect(union(0.04, cloth, skirt, collar), (_x, y, z) => -aboveHem(SEAM, y, z), 0.014);
}

function buttons(cloth: Sdf): Sdf {
  return (x, y, z) => {
    const toButton = Math.min(...BLAZER_BUTTONS.map((height) => Math.abs(y - height)));
    return Math.max(Math.hypot(x - 0.006, toButton) - 0.0075, cloth(x, y, z) - 0.006, -z);
  };
}

/** A jacket with lapels over a shirt with a small stand-up collar. */
export function blazer(build: Build): Part[] {
  const cloth = coat(build);
  const open = subtractShape(cloth, neckHole, 0.01);
  const fronts: Sdf = (x, y, z) => smoothMax(smoothMax(open(x, y, z), -opening(x, y, z), 0.006), -vent(x, y, z), 0.006);
  const front = intersect(trunk(build, 0), (x, _y, z) => Math.max(-z, Math.abs(x) - 0.085), 0.01);
  const shirt = union(0.012, front, turtleneck);
  return [
    {
      name: 'jacket',
      shape: fronts,
      bounds: TOP_BOUNDS,
      cellSize: 0.0072,
      triangles: 2640,
      slot: 'top',
      weights: bodyWeights,
    },
    {
      name: 'lapels',
      shape: lapels(cloth),
      bounds: bounds([-0.13, 0.87, 0], [0.13, 1.2, 0.15]),
      cellSize: 0.0044,
      triangles: 1100,
      slot: 'top',
      weights: bodyWeights,
    },
    {
      name: 'shirt',
      shape: shirt,
      bounds: bounds([-0.16, 0.8, -0.1], [0.16, 1.22, 0.14]),
      cellSize: 0.0078,
      triangles: 700,
      slot: 'trim',
      weights: bodyWeights,
    },
    {
      name: 'cuffs',
      shape: cuffShape(0.462, 0.508, 0.0412),
      bounds: CUFF_BOUNDS,
      cellSize: 0.006,
      triangles: 400,
      slot: 'trim',
      weights: bodyWeights,
      mirrored: true,
    },
    {
      name: 'buttons',
      shape: buttons(cloth),
      bounds: bounds([-0.03, 0.81, 0.05], [0.03, 0.92, 0.15]),
      cellSize: 0.003,
      triangles: 140,
      lastLevel: 2,
      slot: 'accent',
      weights: bodyWeights,
    },
  ];
}

const CARDIGAN_HEM = 0.78;
/** Height (m) where the fronts part. */
const TOP_BUTTON = 0.985;
const CARDIGAN_BUTTONS = [0.962, 0.914, 0.866] as const;
const EDGE_HALF = 0.011;

/** Half width (m) of the V between the fronts; nothing below the top button. */
function cardiganGap(y: number): number {
  return mix(-0.004, 0.062, smoothstep(TOP_BUTTON, 1.16, y));
}

/** A knitted cardigan, buttoned, over a shirt with a collar. */
export function cardigan(build: Build): Part[] {
  const knit = topShape(build, { torso: 0.013, sleeve: 0.009, sleeveEnd: 0.474 });
  const cut = intersect(knit, (_x, y, z) => -aboveHem(CARDIGAN_HEM, y, z), 0.024);
  const opening: Sdf = (x, y, z) => smoothMax(Math.abs(x) - cardiganGap(y), Math.max(0.02 - z, TOP_BUTTON - y), 0.01);
  const fronts: Sdf = (x, y, z) => smoothMax(cut(x, y, z), -opening(x, y, z), 0.006);
  const edge = mirror((x, y, z) => {
    const along =
      Math.abs(x - Math.max(0, cardiganGap(y)) - EDGE_HALF * smoothstep(TOP_BUTTON, TOP_BUTTON + 0.05, y)) - EDGE_HALF;
    const ends = Math.max(-aboveHem(CARDIGAN_HEM, y, z) - 0.004, y - 1.165, 0.005 - z);
    return smoothMax(smoothMax(cut(x, y, z) - 0.0035, along, 0.004), ends, 0.004);
  });
  const hem = intersect(grow(knit, 0.0035), (_x, y, z) => Math.abs(aboveHem(CARDIGAN_HEM, y, z)) - 0.022, 0.006);
  const under = trunk(build, 0.006);
  const yoke = topShape(build, { torso: 0.006, sleeve: 0.004, sleeveEnd: 0.3 });
  const front: Sdf = (x, y, z) =>
    smoothMax(Math.min(under(x, y, z), yoke(x, y, z)), Math.max(Math.abs(x) - 0.1, -z, 0.93 - y, y - 1.15), 0.01);
  const buttons: Sdf = (x, y, z) => {
    const toButton = Math.min(...CARDIGAN_BUTTONS.map((height) => Math.abs(y - height)));
    return Math.max(Math.hypot(x, toButton) - 0.0082, cut(x, y, z) - 0.0075, -z);
  };
  return [
    {
      name: 'cardigan',
      shape: fronts,
      bounds: TOP_BOUNDS,
      cellSize: 0.0084,
      triangles: 2050,
      slot: 'top',
      weights: bodyWeights,
    },
    {
      name: 'edges',
      shape: edge,
      bounds: bounds([-0.1, 0.74, 0], [0.1, 1.18, 0.18]),
      cellSize: 0.0056,
      triangles: 520,
      slot: 'trim',
      weights: bodyWeights,
    },
    {
      name: 'hem',
      shape: (x, y, z) => hem(x, y, z) - 0.002,
      bounds: bounds([-0.22, 0.72, -0.18], [0.22, 0.84, 0.2]),
      cellSize: 0.008,
      triangles: 420,
      slot: 'trim',
      weights: bodyWeights,
    },
    {
      name: 'shirt',
      shape: front,
      bounds: bounds([-0.12, 0.92, 0], [0.12, 1.17, 0.16]),
      cellSize: 0.0078,
      triangles: 420,
      slot: 'white',
      weights: bodyWeights,
    },
    {
      name: 'collar',
      shape: shirtCollar(knit),
      bounds: bounds([-0.11, COLLAR_BUTTON - 0.07, -0.11], [0.11, 1.2, 0.13]),
      cellSize: 0.0052,
      triangles: 640,
      slot: 'white',
      weights: bodyWeights,
    },
    {
      name: 'buttons',
      shape: buttons,
      bounds: bounds([-0.02, 0.79, 0.05], [0.02, 0.99, 0.19]),
      cellSize: 0.0034,
      triangles: 160,
      lastLevel: 2,
      slot: 'accent',
      weights: bodyWeights,
    },
    {
      name: 'cuffs',
      shape: cuffShape(0.452, 0.507, 0.0428),
      bounds: CUFF_BOUNDS,
      cellSize: 0.006,
      triangles: 460,
      slot: 'trim',
      weights: bodyWeights,
      mirrored: true,
    },
  ];
}
