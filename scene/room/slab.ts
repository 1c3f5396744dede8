import { BufferGeometry, Float32BufferAttribute } from 'three';

/** A point of a plane, metres. */
export interface PlanePoint {
  readonly x: number;
  readonly y: number;
}

/** A flat outline, anticlockwise, of two edges that each go one way along y: `left` down, `right` back up. */
export interface SlabOutline {
  readonly left: readonly PlanePoint[];
  readonly right: readonly PlanePoint[];
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

/** Triangles over the outline, anticlockwise: from its near end up, whichever edge has the next lower point. */
function fillOutline({ left, right }: SlabOutline): number[] {
  const triangles: number[] = [];
  let [l, r] = [left.length - 1, 0];
  while (l > 0 || r < right.length - 1) {
    const isLeft = l > 0 && (r === right.length - 1 || left[l - 1]!.y <= right[r + 1]!.y);
    triangles.push(l, left.length + r, isLeft ? l - 1 : left.length + r + 1);
    if (isLeft) l -= 1;
    else r += 1;
  }
  return triangles;
}

/** From below to above: a bevel of two facets at both ends, or none. */
function layersOf(height: number, bevel: number): Layer[] {
  if (bevel === 0) return [0, height].map((z) => ({ inset: 0, z }));
  const rise = [0, Math.PI / 4, Math.PI / 2].map((turn) => ({
    inset: bevel * (1 - Math.sin(turn)),
    z: bevel * (1 - Math.cos(turn)),
  }));
  return [...rise, ...rise.toReversed().map(({ inset, z }) => ({ inset, z: height - z }))];
}

/**
 * A slab of the given outline and height in metres, from z = 0 up, its edges rounded by `bevel`. Not indexed, with flat
 * normals and texture coordinates of 0.
 */
export function slab(outline: SlabOutline, height: number, bevel = 0): BufferGeometry {
  const points = [...outline.left, ...outline.right];
  const layers = layersOf(height, bevel);
  const contours = layers.map(({ inset }) => insetContour(points, inset));
  const positions: number[] = [];
  const push = (layer: number, i: number) => {
    const { x, y } = contours[layer]![i % points.length]!;
    positions.push(x, y, layers[layer]!.z);
  };
  const fill = fillOutline(outline);
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
