import type { Build } from '../avatarSpec';
import type { Part } from '../part';
import { intersect, mirror, subtractShape, union } from '../sdf/combine';
import { ellipsoid, limb, ring } from '../sdf/primitives';
import { mix, smoothMax, smoothstep } from '../sdf/scalar';
import { bounds, type Sdf } from '../sdf/sdf';
import { bodyWeights } from '../weights/bodyWeights';
import { CUFF_BOUNDS, TOP_BOUNDS } from './topBounds';
import { aboveHem, cuffShape, topShape, trunk } from './torso';

/** Height (m) of the top button, where the fronts meet, and of the seam below. */
const BUTTON = 0.905;
const SEAM = 0.765;
const BUTTONS = [0.89, 0.842] as const;

/** Half width (m) of the V between the fronts. */
function gap(y: number): number {
  return mix(0.003, 0.054, smoothstep(BUTTON, 1.15, y));
}

const opening: Sdf = (x, y, z) => smoothMax(Math.max(Math.abs(x) - gap(y) - 0.008, 0.03 - z), BUTTON - y, 0.01);

/** Below the buttons the fronts swing apart. */
const vent: Sdf = (x, y, z) => Math.max(Math.abs(x) - 0.05 * smoothstep(0.84, SEAM - 0.02, y), -z, y - 0.84);

function lapels(cloth: Sdf): Sdf {
  return mirror((x, y, z) => {
    const inner = gap(y) - x;
    const breadth = mix(0.006, 0.046, smoothstep(BUTTON - 0.01, 1.07, y)) * (1 - 0.42 * smoothstep(1.09, 1.16, y));
    const outer = x - gap(y) - breadth;
    const leaf = smoothMax(Math.abs(cloth(x, y, z) - 0.001) - 0.0055, Math.max(inner, outer), 0.005);
    return smoothMax(leaf, Math.max(BUTTON - 0.012 - y, y - 1.16, 0.01 - z), 0.008);
  });
}

/** Lies round the back of the neck and runs out into the lapels. */
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
    const toButton = Math.min(...BUTTONS.map((height) => Math.abs(y - height)));
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
