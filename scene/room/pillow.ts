import { BoxGeometry, type BufferGeometry } from 'three';
import { mergeVertices } from 'three/addons/utils/BufferGeometryUtils.js';

/** Roundness of a pillow's edges: the exponent of a superellipsoid; 2 is an egg, large is a box. */
const EXPONENT = 5;

/** Segments along x, y and z. */
export type PillowSegments = readonly [number, number, number];

/** A soft box of the given size in metres, around the origin, with smooth normals. */
export function pillow(
  width: number,
  height: number,
  depth: number,
  segments: PillowSegments = [8, 3, 8],
  exponent = EXPONENT,
): BufferGeometry {
  const geometry = new BoxGeometry(2, 2, 2, ...segments);
  const { position } = geometry.attributes;
  for (let i = 0; i < position!.count; i += 1) {
    const [x, y, z] = [position!.getX(i), position!.getY(i), position!.getZ(i)];
    const norm = (Math.abs(x) ** exponent + Math.abs(y) ** exponent + Math.abs(z) ** exponent) ** (1 / exponent);
    position!.setXYZ(i, (x / norm) * (width / 2), (y / norm) * (height / 2), (z / norm) * (depth / 2));
  }
  return smoothed(geometry);
}

/** Joins vertices at one place and makes their normals anew. */
export function smoothed(geometry: BufferGeometry): BufferGeometry {
  geometry.deleteAttribute('normal');
  geometry.deleteAttribute('uv');
  const merged = mergeVertices(geometry, 1e-4);
  merged.computeVertexNormals();
  return merged;
}
