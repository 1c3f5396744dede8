import { emptyGradient, gradient } from '../sdf/gradient';
import type { Sdf, Vec3 } from '../sdf/sdf';

/** A place on the face. */
export interface SurfacePoint {
  readonly at: Vec3;
  readonly normal: Vec3;
}

/** Gives the place on the front of the head at x, y of head space. */
export type FaceSurface = (x: number, y: number) => SurfacePoint;

const START_Z = 0.3;
const STEPS = 80;
const CLOSE = 5e-5;

function march(base: Sdf, x: number, y: number): number {
  let z = START_Z;
  for (let step = 0; step < STEPS; step++) {
    const distance = base(x, y, z);
    if (distance < CLOSE || z < -0.05) break;
    z -= distance * 0.9;
  }
  return z;
}

/** Marches towards the head from the front; remembers what it found, as features ask for the same places often. */
export function faceSurface(base: Sdf): FaceSurface {
  const known = new Map<string, SurfacePoint>();
  return (x, y) => {
    const key = `${Math.round(x * 1e6)}:${Math.round(y * 1e6)}`;
    const found = known.get(key);
    if (found) return found;
    const z = march(base, x, y);
    const g = gradient(base, x, y, z, emptyGradient());
    const point: SurfacePoint = { at: [x, y, z], normal: [g.x, g.y, g.z] };
    known.set(key, point);
    return point;
  };
}
