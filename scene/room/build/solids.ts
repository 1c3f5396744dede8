import { BoxGeometry, BufferGeometry, Float32BufferAttribute } from 'three';
import { mergeVertices } from 'three/addons/utils/BufferGeometryUtils.js';

/** Roundness of a pillow's edges: the exponent of a superellipsoid; 2 is an egg, large is a box. */
const EXPONENT = 5;

/** Segments along x, y and z. */
type PillowSegments = readonly [number, number, number];

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

/** Joins vertices that coincide and recomputes the normals. */
function smoothed(geometry: BufferGeometry): BufferGeometry {
  geometry.deleteAttribute('normal');
  geometry.deleteAttribute('uv');
  const merged = mergeVertices(geometry, 1e-4);
  merged.computeVertexNormals();
  return merged;
}

/** A point of a plane, metres. */
export interface PlanePoint {
  readonly x: number;
  readonly y: number;
}

/** One contour of a slab: how far inside the outline it runs, and at which height; metres. */
interface Layer {
  readonly inset: number;
  readonly z: number;
}

/** Corners sharper than this are cut off rather than moved far inside. */
const MITRE_LEAST = 0.3;

function unitNormal(from: PlanePoint, to: PlanePoint): PlanePoint {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(dx, dy) || 1;
  return { x: -dy / length, y: dx / length };
}

/** The contour moved inside by `inset`. */
function insetContour(points: readonly PlanePoint[], inset: number): PlanePoint[] {
  return points.map((point, i) => {
    const before = unitNormal(points.at(i - 1)!, point);
    const after = unitNormal(point, points[(i + 1) % points.length]!);
    const mitre = inset / Math.max(MITRE_LEAST, 1 + before.x * after.x + before.y * after.y);
    return { x: point.x + (before.x + after.x) * mitre, y: point.y + (before.y + after.y) * mitre };
  });
}

/** Twice the area of a triangle, positive where it turns anticlockwise. */
function turn(a: PlanePoint, b: PlanePoint, c: PlanePoint): number {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

/**
 * Whether the corner at `at` of the `open` outline can be cut off: it does not point inwards and contains no other
 * corner.
 */
function isEar(points: readonly PlanePoint[], open: readonly number[], at: number): boolean {
  const corner = cornerOf(open, at);
  const [a, b, c] = corner.map((i) => points[i]!) as [PlanePoint, PlanePoint, PlanePoint];
  if (turn(a, b, c) < 0) return false;
  return open.every((i) => {
    const point = points[i]!;
    return turn(a, b, point) <= 0 || turn(b, c, point) <= 0 || turn(c, a, point) <= 0;
  });
}

function cornerOf(open: readonly number[], at: number): [number, number, number] {
  return [open.at(at - 1)!, open[at]!, open[(at + 1) % open.length]!];
}

/**
 * Anticlockwise triangles that cover the outline, by cutting off one ear after another. If overlapping tips leave no
 * ear, any corner is cut.
 */
function fillOutline(points: readonly PlanePoint[]): number[] {
  const open = points.map((_, i) => i);
  const triangles: number[] = [];
  while (open.length > 2) {
    const ear = Math.max(
      0,
      open.findIndex((_, at) => isEar(points, open, at)),
    );
    triangles.push(...cornerOf(open, ear));
    open.splice(ear, 1);
  }
  return triangles;
}

/** From bottom to top: a bevel of two facets at both ends, or none. */
function layersOf(height: number, bevel: number): Layer[] {
  if (bevel === 0) return [0, height].map((z) => ({ inset: 0, z }));
  const rise = [0, Math.PI / 4, Math.PI / 2].map((turn) => ({
    inset: bevel * (1 - Math.sin(turn)),
    z: bevel * (1 - Math.cos(turn)),
  }));
  return [...rise, ...rise.toReversed().map(({ inset, z }) => ({ inset, z: height - z }))];
}

/**
 * A slab of the given outline (anticlockwise, not self-intersecting) and height in metres, from z = 0 up, with edges
 * rounded by `bevel`. Not indexed, with flat normals and texture coordinates of 0.
 */
export function slab(points: readonly PlanePoint[], height: number, bevel = 0): BufferGeometry {
  const layers = layersOf(height, bevel);
  const contours = layers.map(({ inset }) => insetContour(points, inset));
  const positions: number[] = [];
  const push = (layer: number, i: number) => {
    const { x, y } = contours[layer]![i % points.length]!;
    positions.push(x, y, layers[layer]!.z);
  };
  const fill = fillOutline(points);
  for (const i of fill.toReversed()) push(0, i);
  for (const i of fill) push(layers.length - 1, i);
  for (let layer = 0; layer + 1 < layers.length; layer += 1) {
    for (let i = 0; i < points.length; i += 1) {
      for (const [above, at] of [
        [0, i],
        [0, i + 1],
        [1, i + 1],
        [0, i],
        [1, i + 1],
        [1, i],
      ] as const)
        push(layer + above, at);
    }
  }
  return flatGeometry(positions);
}

function flatGeometry(positions: readonly number[]): BufferGeometry {
  const geometry = new BufferGeometry();
  geometry.setAttribute('position', new Float32BufferAttribute(positions, 3));
  geometry.setAttribute('uv', new Float32BufferAttribute(new Float32Array((positions.length / 3) * 2), 2));
  geometry.computeVertexNormals();
  return geometry;
}
