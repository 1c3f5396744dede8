import type { Build } from '../avatarSpec';
import type { Part } from '../part';
import { intersect, mirror, union } from '../sdf/combine';
import { ellipsoid, limb, ring } from '../sdf/primitives';
import { smoothMax } from '../sdf/scalar';
import { bounds, type Sdf } from '../sdf/sdf';
import { bodyWeights } from '../weights/bodyWeights';
import { CUFF_BOUNDS, TOP_BOUNDS } from './topBounds';
import { aboveHem, cuffShape, topShape, trunk } from './torso';

const HEM = 0.79;

function hoodShape(): Sdf {
  const collar = ring([0, 1.162, -0.014], 0.067, 0.018, -0.16);
  const back = ellipsoid([0, 1.142, -0.088], [0.1, 0.05, 0.046]);
  const sides = mirror(limb([0.076, 1.158, -0.048], [0.056, 1.142, 0.036], 0.028, 0.017));
  return union(0.018, collar, union(0.03, back, sides));
}

/** The pouch in front: a slightly raised trapeze. */
function pouchShape(body: Sdf): Sdf {
  return (x, y, z) => {
    const height = y - 0.872;
    const outline = smoothMax(Math.abs(height) - 0.04, Math.abs(x) - 0.076 + Math.max(0, height + 0.01) * 0.7, 0.014);
    return smoothMax(smoothMax(body(x, y, z) - 0.006, outline, 0.009), 0.03 - z, 0.01);
  };
}

const strings = mirror(
  union(
    0.004,
    limb([0.03, 1.148, 0.056], [0.037, 1.062, 0.098], 0.0052, 0.0048),
    limb([0.037, 1.066, 0.097], [0.0375, 1.044, 0.101], 0.0072, 0.0068),
  ),
);

/** A hooded sweatshirt with pouch, ribbed cuffs and hem, and strings. */
export function hoodie(build: Build): Part[] {
  const body = trunk(build, 0.01);
  const main = intersect(
    topShape(build, { torso: 0.01, sleeve: 0.009, sleeveEnd: 0.474 }),
    (_x, y, z) => -aboveHem(HEM, y, z),
    0.012,
  );
  const hem = intersect(trunk(build, 0.0058), (_x, y, z) => Math.abs(aboveHem(HEM - 0.014, y, z)) - 0.026, 0.012);
  return [
    {
      name: 'top',
      shape: union(0.018, main, hoodShape()),
      bounds: TOP_BOUNDS,
      cellSize: 0.0088,
      triangles: 2700,
      slot: 'top',
      weights: bodyWeights,
    },
    {
      name: 'pouch',
      shape: pouchShape(body),
      bounds: bounds([-0.1, 0.81, 0.02], [0.1, 0.93, 0.15]),
      cellSize: 0.0052,
      triangles: 500,
      lastLevel: 2,
      slot: 'top',
      weights: bodyWeights,
    },
    {
      name: 'cuffs',
      shape: cuffShape(0.452, 0.507, 0.0428),
      bounds: CUFF_BOUNDS,
      cellSize: 0.006,
      triangles: 520,
      slot: 'trim',
      weights: bodyWeights,
      mirrored: true,
    },
    {
      name: 'hem',
      shape: hem,
      bounds: bounds([-0.18, 0.7, -0.16], [0.18, 0.84, 0.16]),
      cellSize: 0.0066,
      triangles: 460,
      slot: 'trim',
      weights: bodyWeights,
    },
    {
      name: 'strings',
      shape: strings,
      bounds: bounds([-0.06, 1.01, 0.03], [0.06, 1.18, 0.13]),
      cellSize: 0.004,
      triangles: 220,
      lastLevel: 2,
      slot: 'white',
      weights: bodyWeights,
    },
  ];
}
