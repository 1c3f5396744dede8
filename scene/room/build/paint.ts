import { BoxGeometry, type BufferGeometry, Color, Float32BufferAttribute, Matrix4 } from 'three';

const scratch = new Color();

/** Brightness 0..1 of a point: ambient occlusion baked by hand. */
export type Shade = (x: number, y: number, z: number) => number;

const noShade: Shade = () => 1;

/** Gives every vertex `color`, darkened by `shade`; drops what merged geometries don't share. Returns the geometry. */
export function paint(geometry: BufferGeometry, color: number, shade: Shade = noShade): BufferGeometry {
  const { position } = geometry.attributes;
  const colors = new Float32Array(position!.count * 3);
  for (let i = 0; i < position!.count; i += 1) {
    const brightness = shade(position!.getX(i), position!.getY(i), position!.getZ(i));
    scratch
      .set(color)
      .multiplyScalar(brightness)
      .toArray(colors, i * 3);
  }
  geometry.setAttribute('color', new Float32BufferAttribute(colors, 3));
  return geometry;
}

/** Ready to be merged: no index, no texture coordinates. */
export function mergeable(geometry: BufferGeometry): BufferGeometry {
  const plain = geometry.index ? geometry.toNonIndexed() : geometry;
  plain.deleteAttribute('uv');
  return plain;
}

/** Falls from `1 - depth` at distance 0 to 1 at `reach` metres. */
export function falloff(distance: number, reach: number, depth: number): number {
  const t = Math.min(1, Math.max(0, distance / reach));
  return 1 - depth * (1 - t) * (1 - t);
}

/** A box by its middle and size, metres. */
export function box(x: number, y: number, z: number, w: number, h: number, d: number, color: number, shade?: Shade) {
  return paint(mergeable(new BoxGeometry(w, h, d).translate(x, y, z)), color, shade);
}

/** Moves a geometry made around the origin to a place in the room. */
export function placed(geometry: BufferGeometry, x: number, y: number, z: number, yawRad = 0): BufferGeometry {
  return geometry.applyMatrix4(new Matrix4().makeRotationY(yawRad).setPosition(x, y, z));
}
