import type { HeavyPart } from './heavyParts';
import type { HeavyBone } from './heavySkeleton';

/** The arrays of a primitive, as glTF wants them. */
export interface HeavyGeometry {
  readonly positions: Float32Array;
  readonly normals: Float32Array;
  readonly uvs: Float32Array;
  readonly joints: Uint16Array;
  readonly weights: Float32Array;
  readonly triangles: Uint16Array;
}

const JOINTS_A_VERTEX = 4;
/** Added to distances before they are inverted, metres. */
const CLOSE = 0.01;

/** Writes the four nearest of the part's bones and their weights, which sum to 1. */
function skinVertex(part: HeavyPart, bones: readonly HeavyBone[], vertex: number, out: HeavyGeometry): void {
  const [x, y, z] = out.positions.subarray(vertex * 3, vertex * 3 + 3);
  const nearest = part.bones
    .map((bone) => {
      const { at } = bones[bone]!;
      return { bone, pull: 1 / (CLOSE + Math.hypot(at[0] - x!, at[1] - y!, at[2] - z!)) ** 2 };
    })
    .sort((a, b) => b.pull - a.pull)
    .slice(0, JOINTS_A_VERTEX);
  const sum = nearest.reduce((total, { pull }) => total + pull, 0);
  nearest.forEach(({ bone, pull }, k) => {
    out.joints[vertex * JOINTS_A_VERTEX + k] = bone;
    out.weights[vertex * JOINTS_A_VERTEX + k] = pull / sum;
  });
}

function trianglesOf(around: number, rows: number): Uint16Array {
  const quads = Array.from({ length: around * rows }, (_, quad) => {
    const a = Math.floor(quad / around) * (around + 1) + (quad % around);
    const b = a + around + 1;
    return [a, b, a + 1, b, b + 1, a + 1];
  });
  return Uint16Array.from(quads.flat());
}

/** The part's ellipsoid as a skinned grid. */
export function heavyGeometry(part: HeavyPart, bones: readonly HeavyBone[]): HeavyGeometry {
  const [around, rows] = part.grid;
  const count = (around + 1) * (rows + 1);
  const out: HeavyGeometry = {
    positions: new Float32Array(count * 3),
    normals: new Float32Array(count * 3),
    uvs: new Float32Array(count * 2),
    joints: new Uint16Array(count * JOINTS_A_VERTEX),
    weights: new Float32Array(count * JOINTS_A_VERTEX),
    triangles: trianglesOf(around, rows),
  };
  for (let vertex = 0; vertex < count; vertex += 1) {
    const u = (vertex % (around + 1)) / around;
    const v = Math.floor(vertex / (around + 1)) / rows;
    const ring = Math.sin(Math.PI * v);
    const normal = [ring * Math.sin(2 * Math.PI * u), Math.cos(Math.PI * v), ring * Math.cos(2 * Math.PI * u)];
    out.normals.set(normal, vertex * 3);
    out.positions.set(
      normal.map((value, axis) => part.center[axis]! + value * part.radii[axis]!),
      vertex * 3,
    );
    out.uvs.set([u, v], vertex * 2);
    skinVertex(part, bones, vertex, out);
  }
  return out;
}

/** How face shape `shape` of `shapes` moves the part: a band of it pushed outwards by a centimetre. */
export function heavyMorph({ positions, normals }: HeavyGeometry, shape: number, shapes: number): Float32Array {
  const deltas = new Float32Array(positions.length);
  const from = (shape / shapes) * 0.8;
  const count = positions.length / 3;
  for (let vertex = Math.floor(count * from); vertex < count * (from + 0.2); vertex += 1) {
    for (let axis = 0; axis < 3; axis += 1) deltas[vertex * 3 + axis] = normals[vertex * 3 + axis]! * 0.01;
  }
  return deltas;
}
