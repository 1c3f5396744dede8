import type { Part } from '../part';
import { intersect, union } from '../sdf/combine';
import { ellipsoid, limb } from '../sdf/primitives';
import { bounds, type Sdf } from '../sdf/sdf';
import { carried, carriedBounds } from '../skeleton/modelPose';
import { bodyWeights, shoeWeights } from '../weights/bodyWeights';

const SOLE_TOP = 0.026;

const upper: Sdf = intersect(
  union(
    0.03,
    ellipsoid([0.077, 0.06, -0.018], [0.045, 0.052, 0.052]),
    ellipsoid([0.08, 0.04, 0.062], [0.047, 0.039, 0.068]),
    limb([0.076, 0.06, -0.012], [0.076, 0.102, -0.012], 0.04, 0.038),
  ),
  (_x, y) => SOLE_TOP - 0.002 - y,
  0.004,
);

const sole: Sdf = intersect(
  union(
    0.03,
    ellipsoid([0.077, 0.028, -0.018], [0.05, 0.06, 0.058]),
    ellipsoid([0.081, 0.028, 0.062], [0.052, 0.06, 0.075]),
  ),
  (_x, y) => Math.abs(y - 0.014) - 0.014,
  0.008,
);

const sock = limb([0.076, 0.08, -0.011], [0.075, 0.128, -0.01], 0.0345, 0.0345);

function shoePart(name: string, shape: Sdf, slot: Part['slot'], triangles: number): Part {
  return {
    name,
    shape: carried('leftFoot', shape),
    bounds: carriedBounds('leftFoot', bounds([0.015, -0.01, -0.095], [0.145, 0.15, 0.155])),
    cellSize: 0.0076,
    triangles,
    slot,
    weights: shoeWeights,
    mirrored: true,
  };
}

/** Both shoes with their soles, and the socks between shoe and trousers. */
export function shoes(): Part[] {
  return [
    shoePart('shoes', upper, 'shoe', 840),
    shoePart('soles', sole, 'sole', 420),
    {
      name: 'socks',
      shape: carried('leftFoot', sock),
      bounds: carriedBounds('leftFoot', bounds([0.025, 0.03, -0.06], [0.13, 0.22, 0.05])),
      cellSize: 0.01,
      triangles: 90,
      slot: 'white',
      weights: bodyWeights,
      mirrored: true,
    },
  ];
}
