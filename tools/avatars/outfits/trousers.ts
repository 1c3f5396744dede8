import type { Build } from '../avatarSpec';
import type { Part } from '../part';
import { below, intersect, mirror, union } from '../sdf/combine';
import { ellipsoid, limb } from '../sdf/primitives';
import { bounds, type Sdf } from '../sdf/sdf';
import { carried, carriedBounds } from '../skeleton/modelPose';
import { restAt } from '../skeleton/restSkeleton';
import { bodyWeights } from '../weights/bodyWeights';

const KNEE = restAt('leftLowerLeg');
const WAIST = 0.85;
const TURN_UP = 0.118;

function legShape(slim: number): Sdf {
  const thigh = limb([0.06, 0.725, 0], KNEE, 0.071, 0.055 * slim);
  const shin = limb(KNEE, [0.075, TURN_UP + 0.01, -0.007], 0.055 * slim, 0.048 * slim);
  const cut = intersect(shin, (_x, y) => TURN_UP - 0.012 - y, 0.01);
  const turnUp = intersect(
    limb([0.075, TURN_UP + 0.05, -0.006], [0.075, TURN_UP - 0.05, -0.009], 0.053 * slim, 0.053 * slim),
    (_x, y) => Math.abs(y - TURN_UP) - 0.016,
    0.008,
  );
  return union(0.03, carried('leftUpperLeg', thigh), carried('leftLowerLeg', union(0.004, cut, turnUp)));
}

/** Long trousers with turn-ups; half sitting, as everything is modelled. */
export function trousers(build: Build): Part {
  const pelvis = ellipsoid([0, 0.775, -0.004], [0.112 * build.pelvis, 0.085, 0.094]);
  const seat = mirror(ellipsoid([0.054, 0.735, -0.038], [0.064, 0.066, 0.06]));
  const shape = union(0.035, pelvis, seat, mirror(legShape(build.legs)));
  const leg = carriedBounds('leftLowerLeg', bounds([0, 0.08, -0.08], [0.16, 0.45, 0.08]));
  return {
    name: 'trousers',
    shape: intersect(shape, below(WAIST), 0.01),
    bounds: bounds([-0.17, leg.min[1], -0.15], [0.17, 0.87, leg.max[2] + 0.02]),
    cellSize: 0.0092,
    triangles: 1480,
    slot: 'trousers',
    weights: bodyWeights,
  };
}
