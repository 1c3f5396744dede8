import { faceSurface } from '../face/faceSurface';
import type { Part } from '../part';
import { mirror, raise, union } from '../sdf/combine';
import { limb } from '../sdf/primitives';
import { bounds, type Sdf, type Vec3 } from '../sdf/sdf';
import { HEAD_HEIGHT } from '../skeleton/restSkeleton';
import { rigidHead } from '../weights/bodyWeights';
import { EYE_BED, type HeadShape } from './headShape';

const RIM = { radius: 0.0455, tall: 0.97, thickness: 0.0034 } as const;
/** Room (m) between skin and rims, for lashes and brows. */
const STANDOFF = 0.012;

/** How far forward (m, head space) the front of the head lies at x, y. */
function frontOf(head: HeadShape, x: number, y: number): number {
  return faceSurface(head.base)(x, y).at[2];
}

/** A round rim in a plane that turns back with the face. */
function rimShape(head: HeadShape): Sdf {
  const inner = frontOf(head, EYE_BED.x - RIM.radius * 0.7, EYE_BED.y) + STANDOFF;
  const outer = frontOf(head, EYE_BED.x + RIM.radius * 0.7, EYE_BED.y) + STANDOFF;
  const slope = (outer - inner) / (RIM.radius * 1.4);
  return (x, y, z) => {
    const [dx, dy] = [x - EYE_BED.x, (y - EYE_BED.y) / RIM.tall];
    const plane = (inner + outer) / 2 + slope * dx + 0.002;
    const across = Math.hypot(dx, dy) - RIM.radius;
    return Math.hypot(across, (z - plane) * 0.85) - RIM.thickness;
  };
}

/** Round glasses: two rims, a bridge, and temples to the ears. Frames only: glass would hide the eyes. */
export function glassesPart(head: HeadShape, width: number): Part {
  const bridgeZ = frontOf(head, 0.02, EYE_BED.y + 0.012) + STANDOFF + 0.003;
  const bridge = limb([0, EYE_BED.y + 0.016, bridgeZ + 0.003], [0.022, EYE_BED.y + 0.011, bridgeZ], 0.003, 0.003);
  const outer = EYE_BED.x + RIM.radius;
  const hinge: Vec3 = [outer, EYE_BED.y + 0.008, frontOf(head, outer - 0.004, EYE_BED.y) + STANDOFF - 0.002];
  const ear: Vec3 = [0.163 * width, EYE_BED.y + 0.02, -0.005];
  const middle: Vec3 = [0.152 * width, EYE_BED.y + 0.014, 0.065];
  const temples = union(0.002, limb(hinge, middle, 0.003, 0.003), limb(middle, ear, 0.003, 0.003));
  const shape = mirror(union(0.003, rimShape(head), bridge, temples));
  return {
    name: 'glasses',
    shape: raise(shape, HEAD_HEIGHT),
    bounds: bounds([-0.185, HEAD_HEIGHT + 0.11, -0.03], [0.185, HEAD_HEIGHT + 0.235, 0.21]),
    cellSize: 0.0032,
    triangles: 700,
    slot: 'accent',
    weights: rigidHead,
    darkest: 0.8,
    lastLevel: 2,
  };
}
