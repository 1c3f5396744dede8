import type { Vec3 } from '../sdf/sdf';
import { cross, dot, normalize, subtract } from '../sdf/vec';

/** Carries a world point to x, y in pixels (from the top left) and depth (m, growing away). */
export type Projection = (p: Vec3) => Vec3;

/** Where a picture is taken from, and how much it shows. */
export interface View {
  readonly eye: Vec3;
  readonly target: Vec3;
  /** Half the height (m) seen at one metre's distance. */
  readonly halfField: number;
}

/** A long lens on head and shoulders, a little from the avatar's left. */
export const PORTRAIT_VIEW: View = { eye: [0.34, 1.42, 2.3], target: [0, 1.345, 0], halfField: 0.138 };

/** The camera of a view, onto a square of `size` pixels. */
export function cameraOf({ eye, target, halfField }: View, size: number): Projection {
  const back = normalize(subtract(eye, target));
  const right = normalize(cross([0, 1, 0], back));
  const up = cross(back, right);
  return (p) => {
    const offset = subtract(p, eye);
    const depth = -dot(offset, back);
    const scale = size / (2 * halfField * depth);
    return [size / 2 + dot(offset, right) * scale, size / 2 - dot(offset, up) * scale, depth];
  };
}
