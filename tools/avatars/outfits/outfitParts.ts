import type { Build, Outfit } from '../avatarSpecs';
import type { Part } from '../part';
import { add, mix, scale, smoothMin, subtract } from '../sdf/maths';
import { bounds, type Sdf, type Vec3 } from '../sdf/sdf';
import { below, ellipsoid, intersect, limb, mirror, union } from '../sdf/shapes';
import { carried, carriedBounds } from '../skeleton/modelPose';
import { restAt } from '../skeleton/restSkeleton';
import { bodyWeights, handWeights, shoeWeights } from '../weights/bodyWeights';
import { blazer, cardigan } from './jackets';
import { hoodie, sweater, tunic } from './jumpers';
import { dungarees, ROLLED_SLEEVE, shirt } from './shirts';

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

/** Long trousers with turn-ups, half sitting as the model pose. */
function trousers(build: Build): Part {
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
function shoes(): Part[] {
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

const FINGER_RADIUS = 0.0128;
const LITTLE_RADIUS = 0.0112;
/** Width (m) over which neighbouring fingers merge. */
const WEB = 0.0035;

function beyond(from: Vec3, through: Vec3, share: number): Vec3 {
  return add(through, scale(subtract(through, from), share));
}

function fingerShapes(name: string): Sdf[] {
  const [a, b, c] = ['Proximal', 'Intermediate', 'Distal'].map((bone) => restAt(`left${name}${bone}`)) as [
    Vec3,
    Vec3,
    Vec3,
  ];
  const radius = name === 'Little' ? LITTLE_RADIUS : FINGER_RADIUS;
  const root: Vec3 = [a[0] - 0.03, a[1], mix(a[2], 0, 0.25)];
  return [limb(root, b, radius * 1.12, radius), limb(b, beyond(b, c, 0.85), radius, radius * 0.86)];
}

function thumbShapes(): Sdf[] {
  const [a, b, c] = ['Metacarpal', 'Proximal', 'Distal'].map((bone) => restAt(`leftThumb${bone}`)) as [
    Vec3,
    Vec3,
    Vec3,
  ];
  return [limb(a, b, 0.018, 0.0148), limb(b, beyond(b, c, 0.7), 0.0148, 0.0128)];
}

function palmShape(y: number): Sdf {
  return union(
    0.02,
    limb([0.5, y, -0.002], [0.535, y, 0], 0.027, 0.029, [1, 0.82, 1]),
    limb([0.545, y + 0.001, 0.018], [0.592, y + 0.003, 0.021], 0.025, 0.02, [1, 0.78, 1]),
    limb([0.545, y, -0.014], [0.584, y + 0.001, -0.02], 0.025, 0.019, [1, 0.78, 1]),
  );
}

/** The left hand in the rest pose, with the wrist inside the sleeve. */
function handShape(from: number): Sdf {
  const y = restAt('leftHand')[1];
  const fingers = union(WEB, ...['Index', 'Middle', 'Ring', 'Little'].flatMap(fingerShapes), ...thumbShapes());
  const palm = palmShape(y);
  const wrist = limb([from - 0.04, y, -0.004], [0.52, y, -0.002], from < 0.45 ? 0.037 : 0.033, 0.027);
  return (x, py, z) => smoothMin(smoothMin(fingers(x, py, z), palm(x, py, z), 0.012), wrist(x, py, z), 0.016);
}

/** Both hands, with the forearm that sleeves ending at `sleeveEnd` (m along the arm) leave bare. */
function handPart(sleeveEnd: number): Part {
  const from = sleeveEnd - 0.032;
  const y = restAt('leftHand')[1];
  return {
    name: 'hands',
    shape: carried('leftLowerArm', handShape(from)),
    bounds: carriedBounds('leftLowerArm', bounds([from - 0.02, y - 0.055, -0.07], [0.705, y + 0.05, 0.1])),
    cellSize: 0.0056,
    triangles: 2100,
    slot: 'skin',
    weights: handWeights,
    mirrored: true,
  };
}

const LONG_SLEEVE = 0.482;

const TOPS: Readonly<Record<Outfit, (build: Build) => Part[]>> = {
  blazer,
  hoodie,
  sweater,
  dungarees,
  tunic,
  cardigan,
  shirt,
};

/** Where the sleeves of an outfit end, along the arm (m from the middle, rest pose). */
function sleeveEndOf(outfit: Outfit): number {
  return outfit === 'shirt' ? ROLLED_SLEEVE : LONG_SLEEVE;
}

/** Everything worn, and the hands that come out of the sleeves. */
export function outfitParts(outfit: Outfit, build: Build): Part[] {
  return [...TOPS[outfit](build), trousers(build), ...shoes(), handPart(sleeveEndOf(outfit))];
}
