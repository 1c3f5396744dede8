import type { Build } from '../avatarSpecs';
import type { Part } from '../part';
import { smoothMax } from '../sdf/maths';
import { bounds, type Sdf } from '../sdf/sdf';
import { ellipsoid, intersect, limb, mirror, ring, union } from '../sdf/shapes';
import { carried, toRest } from '../skeleton/modelPose';
import { bodyWeights } from '../weights/bodyWeights';
import { aboveHem, CUFF_BOUNDS, cuffShape, TOP_BOUNDS, topShape, trunk } from './torso';

const HOODIE_HEM = 0.79;

function hoodShape(): Sdf {
  const collar = ring([0, 1.162, -0.014], 0.067, 0.018, -0.16);
  const back = ellipsoid([0, 1.142, -0.088], [0.1, 0.05, 0.046]);
  const sides = mirror(limb([0.076, 1.158, -0.048], [0.056, 1.142, 0.036], 0.028, 0.017));
  return union(0.018, collar, union(0.03, back, sides));
}

/** The pouch in front: a slightly raised trapezium. */
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
    (_x, y, z) => -aboveHem(HOODIE_HEM, y, z),
    0.012,
  );
  const hem = intersect(
    trunk(build, 0.0058),
    (_x, y, z) => Math.abs(aboveHem(HOODIE_HEM - 0.014, y, z)) - 0.026,
    0.012,
  );
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

const SWEATER_HEM = 0.785;
/** Bands below the armpits, where no sleeve cuts them: middle and half height (m). */
const STRIPES = [
  [0.95, 0.021],
  [0.903, 0.0085],
] as const;

/** Half width (m) of the space between the arms at the height of the stripes. */
const BETWEEN_ARMS = 0.15;

/** A knitted sweater with a round collar and a stripe across the chest. */
export function sweater(build: Build): Part[] {
  const knit = topShape(build, { torso: 0.007, sleeve: 0.008, sleeveEnd: 0.474 });
  const cut = intersect(knit, (_x, y, z) => -aboveHem(SWEATER_HEM, y, z), 0.03);
  const stripe: Sdf = (x, y, z) =>
    smoothMax(
      Math.max(knit(x, y, z) - 0.004, Math.abs(x) - BETWEEN_ARMS),
      Math.min(...STRIPES.map(([middle, half]) => Math.abs(y - middle) - half)),
      0.004,
    );
  const hem = intersect(knit, (_x, y, z) => Math.abs(aboveHem(SWEATER_HEM, y, z)) - 0.02, 0.006);
  const ribbing =
    (shape: Sdf): Sdf =>
    (x, y, z) =>
      shape(x, y, z) - 0.0035;
  return [
    {
      name: 'top',
      shape: union(0.012, cut, ring([0, 1.153, -0.013], 0.063, 0.014, -0.16)),
      bounds: TOP_BOUNDS,
      cellSize: 0.0088,
      triangles: 2500,
      slot: 'top',
      weights: bodyWeights,
    },
    {
      name: 'stripe',
      shape: stripe,
      bounds: bounds([-0.18, 0.89, -0.14], [0.18, 1.01, 0.14]),
      cellSize: 0.0052,
      triangles: 1300,
      slot: 'trim',
      weights: bodyWeights,
    },
    {
      name: 'cuffs',
      shape: cuffShape(0.452, 0.507, 0.042),
      bounds: CUFF_BOUNDS,
      cellSize: 0.006,
      triangles: 520,
      slot: 'trim',
      weights: bodyWeights,
      mirrored: true,
    },
    {
      name: 'hem',
      shape: ribbing(hem),
      bounds: bounds([-0.18, 0.72, -0.16], [0.18, 0.82, 0.16]),
      cellSize: 0.008,
      triangles: 420,
      slot: 'top',
      weights: bodyWeights,
    },
  ];
}

/** Height (m) of the hem, halfway down the thigh when standing. */
const TUNIC_HEM = 0.56;

/** The lower half, which lies over both thighs as one. */
function skirtShape(build: Build): Sdf {
  const hips = ellipsoid([0, 0.79, 0], [0.136 * build.pelvis, 0.13, 0.118]);
  const lap = carried('leftUpperLeg', limb([0.044, 0.77, 0.002], [0.066, TUNIC_HEM - 0.06, 0.004], 0.096, 0.1));
  return union(0.09, hips, mirror(lap));
}

/** Distance above the hem, along the thigh. */
function aboveTunicHem(x: number, y: number, z: number): number {
  return toRest('leftUpperLeg', [Math.abs(x), y, z])[1] - TUNIC_HEM;
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
