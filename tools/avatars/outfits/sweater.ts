import type { Build } from '../avatarSpec';
import type { Part } from '../part';
import { intersect, union } from '../sdf/combine';
import { ring } from '../sdf/primitives';
import { smoothMax } from '../sdf/scalar';
import { bounds, type Sdf } from '../sdf/sdf';
import { bodyWeights } from '../weights/bodyWeights';
import { CUFF_BOUNDS, TOP_BOUNDS } from './topBounds';
import { aboveHem, cuffShape, topShape } from './torso';

const HEM = 0.785;
/** Bands below the armpits, so that no sleeve cuts them: middle and half height (m). */
const STRIPES = [
  [0.95, 0.021],
  [0.903, 0.0085],
] as const;

/** Half width (m) of the room between the arms at the height of the stripes. */
const BETWEEN_ARMS = 0.15;

/** A knitted sweater with a round collar and a stripe across the chest. */
export function sweater(build: Build): Part[] {
  const knit = topShape(build, { torso: 0.007, sleeve: 0.008, sleeveEnd: 0.474 });
  const cut = intersect(knit, (_x, y, z) => -aboveHem(HEM, y, z), 0.03);
  const stripe: Sdf = (x, y, z) =>
    smoothMax(
      Math.max(knit(x, y, z) - 0.004, Math.abs(x) - BETWEEN_ARMS),
      Math.min(...STRIPES.map(([middle, half]) => Math.abs(y - middle) - half)),
      0.004,
    );
  const hem = intersect(knit, (_x, y, z) => Math.abs(aboveHem(HEM, y, z)) - 0.02, 0.006);
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
