import type { Build } from '../avatarSpecs';
import { mix, smoothMax, smoothstep } from '../sdf/maths';
import { type Bounds, bounds, type Sdf } from '../sdf/sdf';
import { ellipsoid, intersect, limb, mirror, sphere, union } from '../sdf/shapes';
import { carried, carriedBounds } from '../skeleton/modelPose';
import { restAt } from '../skeleton/restSkeleton';

const SHOULDER = restAt('leftUpperArm');
const ELBOW = restAt('leftLowerArm');

/** How far a garment stands off the body (m). */
export interface Fit {
  readonly torso: number;
  readonly sleeve: number;
  /** Where the sleeve ends, along the arm (m from the middle, rest pose). */
  readonly sleeveEnd: number;
}

/** Chest, waist and hips, clothed closely. */
export function trunk(build: Build, room: number): Sdf {
  return union(
    0.055,
    ellipsoid([0, 1.05, -0.01], [0.13 * build.chest + room, 0.115 + room, 0.093 + room]),
    ellipsoid([0, 0.925, 0], [0.112 * build.waist + room, 0.14, 0.088 * build.waist + room]),
    ellipsoid([0, 0.805, -0.002], [0.124 * build.pelvis + room, 0.125, 0.104 + room]),
  );
}

/** The slope from neck to shoulder and the round of the shoulder itself, sized for arms that hang. */
function shoulderCaps(build: Build, room: number): Sdf {
  const x = SHOULDER[0] * build.shoulders;
  return mirror(
    union(
      0.03,
      limb([0.028, 1.122, -0.014], [x - 0.02, 1.1, -0.008], 0.044 + room, 0.05 + room),
      sphere([x - 0.004, SHOULDER[1] - 0.008, -0.006], 0.054 + room),
    ),
  );
}

function sleeves({ sleeve, sleeveEnd }: Fit): Sdf {
  const upper = limb([SHOULDER[0], SHOULDER[1] - 0.004, -0.006], ELBOW, 0.051 + sleeve, 0.043 + sleeve);
  const forearm = limb(ELBOW, [sleeveEnd + 0.03, ELBOW[1], -0.004], 0.043 + sleeve, 0.038 + sleeve);
  const lower = intersect(forearm, (x) => x - sleeveEnd, 0.005);
  return mirror(union(0.02, carried('leftUpperArm', upper), carried('leftLowerArm', lower)));
}

/** A top with sleeves: trunk, shoulders and arms in one. */
export function topShape(build: Build, fit: Fit): Sdf {
  return union(0.045, trunk(build, fit.torso), union(0.03, shoulderCaps(build, fit.sleeve), sleeves(fit)));
}

/**
 * The end of both sleeves, a band from `from` to `to` along the arm. It should be 4 mm narrower or wider than the end of the
 * sleeve: grazing surfaces meet in a ragged line.
 */
export function cuffShape(from: number, to: number, radius: number): Sdf {
  const y = restAt('leftHand')[1];
  const tube = limb([from - radius, y, -0.004], [to + radius, y, -0.003], radius, radius);
  const half = (to - from) / 2;
  return carried(
    'leftLowerArm',
    intersect(tube, (x) => Math.abs(x - from - half) - half, 0.009),
  );
}

/** How much higher a hem is modelled in front (m per metre forwards), so that it is level when standing. */
const HEM_SLOPE = 0.34;

/** Distance above a hem that is level at `height` when standing. */
export function aboveHem(height: number, y: number, z: number): number {
  return y - height - HEM_SLOPE * Math.max(0, z);
}

const WRIST = restAt('leftHand');

/** Around a band near the left wrist. */
export const CUFF_BOUNDS: Bounds = carriedBounds(
  'leftLowerArm',
  bounds([WRIST[0] - 0.1, WRIST[1] - 0.06, -0.065], [WRIST[0] + 0.05, WRIST[1] + 0.06, 0.06]),
);

/** Around a whole top with sleeves. */
export const TOP_BOUNDS: Bounds = bounds(
  [-CUFF_BOUNDS.max[0], 0.69, -0.17],
  [CUFF_BOUNDS.max[0], 1.24, CUFF_BOUNDS.max[2]],
);

/** Height (m) of the collar button. */
export const COLLAR_BUTTON = 1.118;

const stand = intersect(
  limb([0, 1.08, -0.012], [0, 1.24, -0.012], 0.0655, 0.0625),
  (_x, y, z) => y - 1.178 + 0.16 * Math.max(0, z),
  0.008,
);

/** A turned-down collar: a stand round the neck and two points in front, lying on `cloth`. */
export function shirtCollar(cloth: Sdf): Sdf {
  const leaf: Sdf = (x, y, z) => {
    const inner = 0.012 - x - 0.1 * (y - COLLAR_BUTTON);
    const outer = x - mix(0.062, 0.088, smoothstep(COLLAR_BUTTON - 0.04, 1.17, y));
    const bottom = COLLAR_BUTTON - 0.036 + 0.75 * Math.abs(x - 0.046) - y;
    const edge = smoothMax(smoothMax(inner, outer, 0.006), Math.max(bottom, y - 1.172), 0.008);
    return smoothMax(Math.min(cloth(x, y, z), stand(x, y, z)) - 0.0075, Math.max(edge, -z - 0.01), 0.006);
  };
  const roll: Sdf = (x, y, z) => smoothMax(stand(x, y, z) - 0.007, Math.abs(y - 1.156 + 0.2 * z) - 0.017, 0.01);
  const points = mirror(leaf);
  return (x, y, z) => Math.min(stand(x, y, z), points(x, y, z), Math.max(roll(x, y, z), z - 0.03));
}
