import { clamp, mix, smoothMax, smoothMin } from './maths';
import type { Sdf, Vec3 } from './sdf';

/** An ellipsoid by centre and radii; the distance is Quilez' bound, exact on the surface. */
export function ellipsoid(center: Vec3, radii: Vec3): Sdf {
  const [cx, cy, cz] = center;
  const [rx, ry, rz] = radii;
  return (x, y, z) => {
    const px = x - cx;
    const py = y - cy;
    const pz = z - cz;
    const k0 = Math.hypot(px / rx, py / ry, pz / rz);
    const k1 = Math.hypot(px / (rx * rx), py / (ry * ry), pz / (rz * rz));
    return k1 < 1e-9 ? -Math.min(rx, ry, rz) : (k0 * (k0 - 1)) / k1;
  };
}

export function sphere(center: Vec3, radius: number): Sdf {
  return (x, y, z) => Math.hypot(x - center[0], y - center[1], z - center[2]) - radius;
}

const NO_SQUASH: Vec3 = [1, 1, 1];

/** A capsule from `a` to `b` whose radius blends from `radiusA` to `radiusB`; `squash` flattens it per world axis. */
export function limb(a: Vec3, b: Vec3, radiusA: number, radiusB: number, squash: Vec3 = NO_SQUASH): Sdf {
  const [sx, sy, sz] = squash;
  const ax = a[0] / sx;
  const ay = a[1] / sy;
  const az = a[2] / sz;
  const dx = b[0] / sx - ax;
  const dy = b[1] / sy - ay;
  const dz = b[2] / sz - az;
  const lengthSquared = dx * dx + dy * dy + dz * dz;
  const shrink = Math.min(sx, sy, sz);
  return (x, y, z) => {
    const px = x / sx - ax;
    const py = y / sy - ay;
    const pz = z / sz - az;
    const t = clamp((px * dx + py * dy + pz * dz) / lengthSquared);
    const radius = mix(radiusA, radiusB, t * t * (3 - 2 * t));
    return (Math.hypot(px - dx * t, py - dy * t, pz - dz * t) - radius) * shrink;
  };
}

/** A ring lying flat about `center`, tilted about x by `tilt` radians, its `depth` scaled along z. */
export function ring(center: Vec3, radius: number, thickness: number, tilt = 0, depth = 1): Sdf {
  const cos = Math.cos(tilt);
  const sin = Math.sin(tilt);
  return (x, y, z) => {
    const py = y - center[1];
    const pz = z - center[2];
    const flatY = py * cos - pz * sin;
    const flatZ = (py * sin + pz * cos) / depth;
    return Math.hypot(Math.hypot(x - center[0], flatZ) - radius, flatY) - thickness;
  };
}

/** Union of shapes, blended over `k` metres. */
export function union(k: number, ...shapes: readonly Sdf[]): Sdf {
  const [first, ...rest] = shapes;
  if (first === undefined) return () => Number.POSITIVE_INFINITY;
  return (x, y, z) => {
    let distance = first(x, y, z);
    for (const shape of rest) distance = smoothMin(distance, shape(x, y, z), k);
    return distance;
  };
}

/** `shape` without `hole`, the edge rounded over `k` metres. */
export function subtractShape(shape: Sdf, hole: Sdf, k = 0): Sdf {
  return (x, y, z) => smoothMax(shape(x, y, z), -hole(x, y, z), k);
}

/** Intersection of two shapes, the edge rounded over `k` metres. */
export function intersect(a: Sdf, b: Sdf, k = 0): Sdf {
  return (x, y, z) => smoothMax(a(x, y, z), b(x, y, z), k);
}

/** The left half of a shape, on both sides. */
export function mirror(shape: Sdf): Sdf {
  return (x, y, z) => shape(Math.abs(x), y, z);
}

/** A shape grown by `distance` metres (shrunk where negative). */
export function grow(shape: Sdf, distance: number): Sdf {
  return (x, y, z) => shape(x, y, z) - distance;
}

/** A shape raised by `lift` metres. */
export function raise(shape: Sdf, lift: number): Sdf {
  return (x, y, z) => shape(x, y - lift, z);
}

/** Everything below a height. */
export function below(height: number): Sdf {
  return (_x, y) => y - height;
}
