import type { Build } from '../avatarSpec';
import type { Part } from '../part';
import { grow, intersect, mirror } from '../sdf/combine';
import { mix, smoothMax, smoothstep } from '../sdf/scalar';
import { bounds, type Sdf } from '../sdf/sdf';
import { bodyWeights } from '../weights/bodyWeights';
import { COLLAR_BUTTON, shirtCollar } from './shirtCollar';
import { CUFF_BOUNDS, TOP_BOUNDS } from './topBounds';
import { aboveHem, cuffShape, topShape, trunk } from './torso';

const HEM = 0.78;
/** Height (m) where the fronts part. */
const TOP_BUTTON = 0.985;
const BUTTONS = [0.962, 0.914, 0.866] as const;
const EDGE_HALF = 0.011;

/** Half width (m) of the V between the fronts; nothing below the top button. */
function gap(y: number): number {
  return mix(-0.004, 0.062, smoothstep(TOP_BUTTON, 1.16, y));
}

/** A knitted cardigan, buttoned, over a shirt with a collar. */
export function cardigan(build: Build): Part[] {
  const knit = topShape(build, { torso: 0.013, sleeve: 0.009, sleeveEnd: 0.474 });
  const cut = intersect(knit, (_x, y, z) => -aboveHem(HEM, y, z), 0.024);
  const opening: Sdf = (x, y, z) => smoothMax(Math.abs(x) - gap(y), Math.max(0.02 - z, TOP_BUTTON - y), 0.01);
  const fronts: Sdf = (x, y, z) => smoothMax(cut(x, y, z), -opening(x, y, z), 0.006);
  const edge = mirror((x, y, z) => {
    const along =
      Math.abs(x - Math.max(0, gap(y)) - EDGE_HALF * smoothstep(TOP_BUTTON, TOP_BUTTON + 0.05, y)) - EDGE_HALF;
    const ends = Math.max(-aboveHem(HEM, y, z) - 0.004, y - 1.165, 0.005 - z);
    return smoothMax(smoothMax(cut(x, y, z) - 0.0035, along, 0.004), ends, 0.004);
  });
  const hem = intersect(grow(knit, 0.0035), (_x, y, z) => Math.abs(aboveHem(HEM, y, z)) - 0.022, 0.006);
  const under = trunk(build, 0.006);
  const yoke = topShape(build, { torso: 0.006, sleeve: 0.004, sleeveEnd: 0.3 });
  const front: Sdf = (x, y, z) =>
    smoothMax(Math.min(under(x, y, z), yoke(x, y, z)), Math.max(Math.abs(x) - 0.1, -z, 0.93 - y, y - 1.15), 0.01);
  const buttons: Sdf = (x, y, z) => {
    const toButton = Math.min(...BUTTONS.map((height) => Math.abs(y - height)));
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
