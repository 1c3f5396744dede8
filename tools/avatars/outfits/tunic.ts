import type { Build } from '../avatarSpec';
import type { Part } from '../part';
import { intersect, mirror, union } from '../sdf/combine';
import { ellipsoid, limb } from '../sdf/primitives';
import { smoothMax } from '../sdf/scalar';
import { bounds, type Sdf } from '../sdf/sdf';
import { carried, toRest } from '../skeleton/modelPose';
import { bodyWeights } from '../weights/bodyWeights';
import { CUFF_BOUNDS, TOP_BOUNDS } from './topBounds';
import { cuffShape, topShape } from './torso';

/** Height (m) of the hem, half way down the thigh when standing. */
const HEM = 0.56;

/** The lower half: falls over both thighs as one. */
function skirtShape(build: Build): Sdf {
  const hips = ellipsoid([0, 0.79, 0], [0.136 * build.pelvis, 0.13, 0.118]);
  const lap = carried('leftUpperLeg', limb([0.044, 0.77, 0.002], [0.066, HEM - 0.06, 0.004], 0.096, 0.1));
  return union(0.09, hips, mirror(lap));
}

/** Distance above the hem, along the thigh. */
function aboveTunicHem(x: number, y: number, z: number): number {
  return toRest('leftUpperLeg', [Math.abs(x), y, z])[1] - HEM;
}

/** A long loose tunic with bordered hem and cuffs. */
export function tunic(build: Build): Part[] {
  const top = topShape(build, { torso: 0.01, sleeve: 0.011, sleeveEnd: 0.486 });
  const cloth = union(0.06, top, skirtShape(build));
  const shape = intersect(cloth, (x, y, z) => -aboveTunicHem(x, y, z), 0.012);
  const border: Sdf = (x, y, z) =>
    smoothMax(cloth(x, y, z) - 0.0042, Math.abs(aboveTunicHem(x, y, z) - 0.012) - 0.013, 0.004);
  return [
    {
      name: 'tunic',
      shape,
      bounds: bounds([TOP_BOUNDS.min[0], 0.5, -0.18], [TOP_BOUNDS.max[0], 1.24, 0.42]),
      cellSize: 0.0092,
      triangles: 3200,
      slot: 'top',
      weights: bodyWeights,
    },
    {
      name: 'border',
      shape: border,
      bounds: bounds([-0.22, 0.44, -0.12], [0.22, 0.8, 0.42]),
      cellSize: 0.0066,
      triangles: 700,
      slot: 'trim',
      weights: bodyWeights,
    },
    {
      name: 'cuffs',
      shape: cuffShape(0.462, 0.496, 0.055),
      bounds: CUFF_BOUNDS,
      cellSize: 0.006,
      triangles: 420,
      slot: 'trim',
      weights: bodyWeights,
      mirrored: true,
    },
  ];
}
