import { smoothMax, smoothMin } from './scalar';
import type { Sdf } from './sdf';

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

/** What lies in both shapes, the edge rounded over `k` metres. */
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

/** A shape carried up by `lift` metres. */
export function raise(shape: Sdf, lift: number): Sdf {
  return (x, y, z) => shape(x, y - lift, z);
}

/** Everything above a height. */
export function above(height: number): Sdf {
  return (_x, y) => height - y;
}

/** Everything below a height. */
export function below(height: number): Sdf {
  return (_x, y) => y - height;
}
