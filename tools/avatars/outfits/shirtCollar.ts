import { intersect, mirror } from '../sdf/combine';
import { limb } from '../sdf/primitives';
import { mix, smoothMax, smoothstep } from '../sdf/scalar';
import type { Sdf } from '../sdf/sdf';

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
