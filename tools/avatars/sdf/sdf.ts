/** A point or direction: x to the avatar's left, y up, z forwards; metres. */
export type Vec3 = readonly [number, number, number];

/** A signed distance field: about how far (m) a point lies outside a shape, negative inside. */
export type Sdf = (x: number, y: number, z: number) => number;

/** An axis-aligned box (m) that holds a shape. */
export interface Bounds {
  readonly min: Vec3;
  readonly max: Vec3;
}

export function bounds(min: Vec3, max: Vec3): Bounds {
  return { min, max };
}
