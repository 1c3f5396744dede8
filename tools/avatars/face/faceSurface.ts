import { bell, smoothstep } from '../sdf/maths';
import { emptyGradient, gradient, type Sdf, type Vec3 } from '../sdf/sdf';
import { type FaceWeights, type Side, weightOf } from './faceWeights';

/** A position on the face. */
interface SurfacePoint {
  readonly at: Vec3;
  readonly normal: Vec3;
}

/** Finds the position on the front of the head at x, y of head space. */
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

/** Marches towards the head from the front. Results are cached, since features often ask for the same positions. */
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

/** How far the lower jaw moves a point of the head's skin, 0..1. */
function jawShare([, y, z]: Vec3): number {
  return smoothstep(0.12, 0.05, y) * smoothstep(-0.02, 0.07, z);
}

function near([x, y, z]: Vec3, [cx, cy, cz]: Vec3, radius: number): number {
  return bell((Math.abs(x) - cx) ** 2 + (y - cy) ** 2 + (z - cz) ** 2, radius);
}

/** Displacement of the head's skin at a point of head space (m) for given weights. */
export function faceDeform(p: Vec3, weights: FaceWeights): Vec3 {
  const side: Side = p[0] >= 0 ? 'Left' : 'Right';
  const outwards = Math.sign(p[0]);
  const jaw = jawShare(p);
  const open = weightOf(weights, 'jawOpen') * jaw;
  const sideways = (weightOf(weights, 'jawLeft') - weightOf(weights, 'jawRight')) * jaw;
  const puff = weightOf(weights, 'cheekPuff') * near(p, [0.085, 0.097, 0.105], 0.045);
  const raised = weightOf(weights, `mouthSmile${side}`) * 0.8 + weightOf(weights, `cheekSquint${side}`) * 0.5;
  const cheek = raised * near(p, [0.088, 0.121, 0.11], 0.038);
  const sneer = weightOf(weights, `noseSneer${side}`) * near(p, [0.012, 0.135, 0.158], 0.018);
  return [
    sideways * 0.01 + outwards * (puff * 0.016 + cheek * 0.005),
    open * -0.026 + cheek * 0.006 + sneer * 0.005,
    open * -0.004 + weightOf(weights, 'jawForward') * 0.012 * jaw + puff * 0.011 + cheek * 0.005,
  ];
}
