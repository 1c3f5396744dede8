import type { Vec3 } from '../sdf/sdf';
import { cross, dot, normalize, subtract } from '../sdf/vec';

/** Carries a world point to x, y in pixels (from the top left) and depth (m, growing away). */
export type Projection = (p: Vec3) => Vec3;

const EYE: Vec3 = [0.34, 1.42, 2.3];
const TARGET: Vec3 = [0, 1.345, 0];
/** Half the height (m) seen at one metre's distance. */
const HALF_FIELD = 0.138;

/** A long lens on head and shoulders, a little from the avatar's left. */
export function portraitCamera(size: number): Projection {
  const back = normalize(subtract(EYE, TARGET));
  const right = normalize(cross([0, 1, 0], back));
  const up = cross(back, right);
  return (p) => {
    const offset = subtract(p, EYE);
    const depth = -dot(offset, back);
    const scale = size / (2 * HALF_FIELD * depth);
    return [size / 2 + dot(offset, right) * scale, size / 2 - dot(offset, up) * scale, depth];
  };
}
