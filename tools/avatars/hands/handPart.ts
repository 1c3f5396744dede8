import type { Part } from '../part';
import { union } from '../sdf/combine';
import { limb } from '../sdf/primitives';
import { mix, smoothMin } from '../sdf/scalar';
import { bounds, type Sdf, type Vec3 } from '../sdf/sdf';
import { add, scale, subtract } from '../sdf/vec';
import { carried, carriedBounds } from '../skeleton/modelPose';
import { restAt } from '../skeleton/restSkeleton';
import { handWeights } from '../weights/handWeights';

const FINGER_RADIUS = 0.0128;
const LITTLE_RADIUS = 0.0112;
/** Width (m) over which neighbouring fingers melt together. */
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

/** The left hand in the rest pose, with the wrist that goes into the sleeve. */
function handShape(from: number): Sdf {
  const y = restAt('leftHand')[1];
  const fingers = union(WEB, ...['Index', 'Middle', 'Ring', 'Little'].flatMap(fingerShapes), ...thumbShapes());
  const palm = palmShape(y);
  const wrist = limb([from - 0.04, y, -0.004], [0.52, y, -0.002], from < 0.45 ? 0.037 : 0.033, 0.027);
  return (x, py, z) => smoothMin(smoothMin(fingers(x, py, z), palm(x, py, z), 0.012), wrist(x, py, z), 0.016);
}

/** Both hands, with as much of the forearm as sleeves that end at `sleeveEnd` (m along the arm) leave bare. */
export function handPart(sleeveEnd: number): Part {
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
