import type { Build } from '../avatarSpec';
import type { Part } from '../part';
import { intersect } from '../sdf/combine';
import { smoothMax } from '../sdf/scalar';
import { bounds, type Sdf } from '../sdf/sdf';
import { carriedBounds } from '../skeleton/modelPose';
import { restAt } from '../skeleton/restSkeleton';
import { bodyWeights } from '../weights/bodyWeights';
import { COLLAR_BUTTON, shirtCollar } from './shirtCollar';
import { TOP_BOUNDS } from './topBounds';
import { aboveHem, cuffShape, topShape } from './torso';

const HEM = 0.762;
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
  const hem = (x: number, y: number, z: number) => aboveHem(HEM + 2.2 * Math.min(x * x, 0.02), y, z);
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
