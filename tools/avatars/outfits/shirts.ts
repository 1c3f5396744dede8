import type { Build } from '../avatarSpecs';
import type { Part } from '../part';
import { smoothMax } from '../sdf/maths';
import { bounds, type Sdf } from '../sdf/sdf';
import { intersect, mirror, ring, union } from '../sdf/shapes';
import { carriedBounds } from '../skeleton/modelPose';
import { restAt } from '../skeleton/restSkeleton';
import { bodyWeights } from '../weights/bodyWeights';
import { aboveHem, COLLAR_BUTTON, CUFF_BOUNDS, cuffShape, shirtCollar, TOP_BOUNDS, topShape, trunk } from './torso';

const SHIRT_HEM = 0.762;
const BUTTON_PITCH = 0.062;

/** Where rolled-up sleeves end, along the arm (m from the middle). */
export const ROLLED_SLEEVE = 0.425;

const ARM_HEIGHT = restAt('leftHand')[1];
const ROLL_BOUNDS = carriedBounds(
  'leftLowerArm',
  bounds([ROLLED_SLEEVE - 0.05, ARM_HEIGHT - 0.075, -0.08], [ROLLED_SLEEVE + 0.03, ARM_HEIGHT + 0.075, 0.075]),
);

/** A shirt worn loose, its sleeves rolled up. */
export function shirt(build: Build): Part[] {
  const cloth = topShape(build, { torso: 0.012, sleeve: 0.01, sleeveEnd: ROLLED_SLEEVE });
  // The hem is lower in front and behind than at the sides.
  const hem = (x: number, y: number, z: number) => aboveHem(SHIRT_HEM + 2.2 * Math.min(x * x, 0.02), y, z);
  const body = intersect(cloth, (x, y, z) => -hem(x, y, z), 0.014);
  const placket: Sdf = (x, y, z) =>
    smoothMax(smoothMax(body(x, y, z) - 0.003, Math.abs(x) - 0.014, 0.003), Math.max(-z, y - COLLAR_BUTTON), 0.004);
  const pocket: Sdf = (x, y, z) => {
    const outline = smoothMax(Math.abs(x - 0.07) - 0.03, Math.abs(y - 1.0) - 0.034, 0.01);
    return smoothMax(smoothMax(body(x, y, z) - 0.0035, outline, 0.004), -z, 0.01);
  };
  const buttons: Sdf = (x, y, z) => {
    const fromTop = COLLAR_BUTTON - 0.022 - y;
    const nearest = BUTTON_PITCH * Math.min(4, Math.max(0, Math.round(fromTop / BUTTON_PITCH)));
    return Math.max(Math.hypot(x, fromTop - nearest) - 0.0066, body(x, y, z) - 0.0062, -z);
  };
  return [
    {
      name: 'shirt',
      shape: body,
      bounds: TOP_BOUNDS,
      cellSize: 0.0088,
      triangles: 1740,
      slot: 'top',
      weights: bodyWeights,
    },
    {
      name: 'collar',
      shape: shirtCollar(cloth),
      bounds: bounds([-0.11, 1.05, -0.11], [0.11, 1.2, 0.13]),
      cellSize: 0.0052,
      triangles: 640,
      slot: 'top',
      weights: bodyWeights,
    },
    {
      name: 'placket',
      shape: placket,
      bounds: bounds([-0.03, 0.72, 0.0], [0.03, 1.14, 0.16]),
      cellSize: 0.005,
      triangles: 320,
      lastLevel: 2,
      slot: 'top',
      weights: bodyWeights,
    },
    {
      name: 'pocket',
      shape: pocket,
      bounds: bounds([0.03, 0.95, 0.02], [0.11, 1.05, 0.15]),
      cellSize: 0.0052,
      triangles: 240,
      lastLevel: 2,
      slot: 'top',
      weights: bodyWeights,
    },
    {
      name: 'buttons',
      shape: buttons,
      bounds: bounds([-0.02, 0.8, 0.05], [0.02, 1.12, 0.16]),
      cellSize: 0.0032,
      triangles: 220,
      lastLevel: 2,
      slot: 'trim',
      weights: bodyWeights,
    },
    {
      name: 'rolls',
      shape: cuffShape(ROLLED_SLEEVE - 0.026, ROLLED_SLEEVE + 0.012, 0.0555),
      bounds: ROLL_BOUNDS,
      cellSize: 0.008,
      triangles: 460,
      slot: 'top',
      weights: bodyWeights,
      mirrored: true,
    },
  ];
}

/** The jersey is tucked in. */
const JERSEY_HEM = 0.862;
/** The bib (m): its top, its half width there and at the waist. */
const BIB = { top: 1.035, half: 0.082, waist: 0.855, waistHalf: 0.13 } as const;
/** The waistband (m): its middle and half its height. */
const BAND = { y: 0.835, half: 0.032 } as const;
const STRAP_HALF = 0.017;

/** Stripes of the jersey (m): from one to the next, and half a stripe. */
const STRIPE = { pitch: 0.034, half: 0.0075, top: 1.09 } as const;

function bibOutline(x: number, y: number): number {
  const t = Math.min(1, Math.max(0, (y - BIB.waist) / (BIB.top - BIB.waist)));
  const half = BIB.waistHalf + (BIB.half - BIB.waistHalf) * Math.sqrt(t);
  return smoothMax(Math.abs(x) - half, Math.max(y - BIB.top, BAND.y - y), 0.02);
}

/** Bib and waistband on the jersey. */
function bibShape(jersey: Sdf): Sdf {
  return (x, y, z) => {
    const cloth = jersey(x, y, z) - 0.007;
    const bib = smoothMax(bibOutline(x, y), 0.012 - z, 0.01);
    const band = Math.abs(y - BAND.y + 0.1 * Math.max(0, -z)) - BAND.half;
    return smoothMax(cloth, Math.min(bib, band), 0.007);
  };
}

/** Straps over the shoulders; crossed a little behind. */
function strapShape(jersey: Sdf): Sdf {
  return mirror((x, y, z) => {
    const middle = z > 0 ? 0.064 : 0.064 - 0.2 * Math.max(0, 1.1 - y);
    return smoothMax(smoothMax(jersey(x, y, z) - 0.009, Math.abs(x - middle) - STRAP_HALF, 0.005), 0.85 - y, 0.004);
  });
}

function pocketShape(jersey: Sdf): Sdf {
  return (x, y, z) => {
    const outline = smoothMax(Math.abs(x) - 0.042, Math.abs(y - 0.955) - 0.034, 0.014);
    return smoothMax(smoothMax(jersey(x, y, z) - 0.0115, outline, 0.006), -z, 0.01);
  };
}

/** Dungarees over a striped jersey. */
export function dungarees(build: Build): Part[] {
  const jersey = topShape(build, { torso: 0.006, sleeve: 0.006, sleeveEnd: 0.482 });
  const body = trunk(build, 0.006);
  const cut = intersect(jersey, (_x, y, z) => -aboveHem(JERSEY_HEM, y, z), 0.03);
  const stripes: Sdf = (x, y, z) => {
    const toStripe = Math.abs(y - STRIPE.top - STRIPE.pitch * Math.round((y - STRIPE.top) / STRIPE.pitch));
    const chest = Math.max(Math.abs(x) - 0.118, y - STRIPE.top - 0.01, 0.99 - y);
    return smoothMax(Math.max(jersey(x, y, z) - 0.0042, chest), toStripe - STRIPE.half, 0.004);
  };
  const button: Sdf = (x, y) => Math.hypot(Math.abs(x) - 0.064, y - 1.018) - 0.0095;
  const onCloth = { weights: bodyWeights, slot: 'trousers' } as const;
  return [
    {
      name: 'jersey',
      shape: union(0.012, cut, ring([0, 1.152, -0.013], 0.063, 0.013, -0.16)),
      bounds: TOP_BOUNDS,
      cellSize: 0.0088,
      triangles: 1520,
      slot: 'top',
      weights: bodyWeights,
    },
    {
      name: 'stripes',
      shape: stripes,
      bounds: bounds([-0.16, 0.98, -0.14], [0.16, 1.12, 0.14]),
      cellSize: 0.0048,
      triangles: 860,
      keeps: 1.4,
      slot: 'trim',
      weights: bodyWeights,
    },
    {
      ...onCloth,
      name: 'bib',
      shape: bibShape(union(0.02, body, jersey)),
      bounds: bounds([-0.19, 0.78, -0.16], [0.19, 1.06, 0.16]),
      cellSize: 0.0066,
      triangles: 520,
    },
    {
      ...onCloth,
      name: 'straps',
      shape: strapShape(jersey),
      bounds: bounds([-0.12, 0.85, -0.15], [0.12, 1.2, 0.15]),
      cellSize: 0.0052,
      triangles: 480,
      keeps: 1.8,
    },
    {
      ...onCloth,
      name: 'pocket',
      shape: pocketShape(body),
      bounds: bounds([-0.06, 0.9, 0.04], [0.06, 1.01, 0.15]),
      cellSize: 0.0056,
      triangles: 220,
      lastLevel: 2,
    },
    {
      name: 'buttons',
      shape: intersect(button, (x, y, z) => Math.max(jersey(x, y, z) - 0.0115, -z), 0.003),
      bounds: bounds([-0.085, 1.0, 0.06], [0.085, 1.05, 0.14]),
      cellSize: 0.0036,
      triangles: 120,
      lastLevel: 2,
      slot: 'white',
      weights: bodyWeights,
    },
    {
      name: 'cuffs',
      shape: cuffShape(0.466, 0.503, 0.0435),
      bounds: CUFF_BOUNDS,
      cellSize: 0.006,
      triangles: 420,
      slot: 'trim',
      weights: bodyWeights,
      mirrored: true,
    },
  ];
}
