import { AvatarFileError } from '../avatarFileError';
import { indicesOf } from '../gltf/accessorValues';
import type { Gltf, Primitive } from '../gltf/gltf';
import { identityMatrix, multiplyMatrices } from '../gltf/matrix';
import type { DecodeBudget } from './decodeBudget';
import type { RestBody } from './restBody';
import type { UsedVertices } from './triangles';

/** How joints move the vertices of a mesh. */
export interface Binding {
  /** Takes each joint's vertices to T-pose. */
  readonly matrices: readonly Float64Array[];
  /** Node of the body that moves each joint's vertices. */
  readonly movedBy: readonly number[];
  /** The file's node of each joint. */
  readonly nodes: readonly number[];
}

/** How the mesh of `node` is bound to the body: by its skin, or rigidly by the node itself. */
export function bindingOf(gltf: Gltf, budget: DecodeBudget, body: RestBody, node: number): Binding {
  const { skin } = gltf.nodes[node]!;
  const joints = skin < 0 ? [node] : gltf.skins[skin]!.joints;
  const inverses = skin < 0 ? null : inverseBindsOf(gltf, budget, skin);
  return {
    matrices: joints.map((joint, index) => {
      const placement = body.placements[joint] ?? identityMatrix();
      return inverses ? multiplyMatrices(placement, inverses.subarray(index * 16, index * 16 + 16)) : placement;
    }),
    // A joint under no bone moves with the first node, the hips.
    movedBy: joints.map((joint) => Math.max(0, body.movedBy[joint]!)),
    nodes: joints,
  };
}

function inverseBindsOf({ accessors, skins }: Gltf, budget: DecodeBudget, skin: number): Float32Array | null {
  const accessor = accessors[skins[skin]!.inverseBindMatrices];
  return accessor ? budget.floats(accessor, `skins[${skin}]`) : null;
}

/** Joints and weights of vertices, four each. */
export interface VertexSkin {
  readonly joints: Uint32Array;
  readonly weights: Float32Array;
}

/** Reads the joints and weights of each vertex; weights are normalised to sum to 1. A mesh without skin follows its one joint. */
export function readSkin(
  { accessors }: Gltf,
  budget: DecodeBudget,
  primitive: Primitive,
  binding: Binding,
  where: string,
): VertexSkin {
  const count = accessors[primitive.position]!.count;
  if (primitive.joints < 0 || primitive.weights < 0) return stiffSkin(count);
  const joints = indicesOf(budget.read(accessors[primitive.joints]!), binding.nodes.length, where);
  const weights = budget.floats(accessors[primitive.weights]!, where);
  for (let i = 0; i < weights.length; i += 4) normalise(weights, i);
  return { joints, weights };
}

function stiffSkin(count: number): VertexSkin {
  const weights = new Float32Array(count * 4);
  for (let i = 0; i < weights.length; i += 4) weights[i] = 1;
  return { joints: new Uint32Array(count * 4), weights };
}

function normalise(weights: Float32Array, at: number): void {
  let sum = 0;
  for (let k = at; k < at + 4; k += 1) sum += Math.max(0, weights[k]!);
  for (let k = at; k < at + 4; k += 1) weights[k] = sum > 0 ? Math.max(0, weights[k]!) / sum : k === at ? 1 : 0;
}

/** Blends the matrices of a vertex into `out`, of which 3x4 is used, column by column. */
function blendMatrices(binding: Binding, skin: VertexSkin, vertex: number, out: Float64Array): void {
  out.fill(0);
  for (let k = vertex * 4; k < vertex * 4 + 4; k += 1) {
    const weight = skin.weights[k]!;
    if (weight === 0) continue;
    const matrix = binding.matrices[skin.joints[k]!]!;
    for (let i = 0; i < 16; i += 1) out[i]! += weight * matrix[i]!;
  }
}

/** Writes the direction at `at` under a matrix, of unit length if `isUnit`. */
function writeDirection(
  m: Float64Array,
  from: ArrayLike<number>,
  at: number,
  out: Float32Array,
  to: number,
  isUnit: boolean,
): void {
  const [x, y, z] = [from[at]!, from[at + 1]!, from[at + 2]!];
  const a = m[0]! * x + m[4]! * y + m[8]! * z;
  const b = m[1]! * x + m[5]! * y + m[9]! * z;
  const c = m[2]! * x + m[6]! * y + m[10]! * z;
  const scale = isUnit ? 1 / (Math.hypot(a, b, c) || 1) : 1;
  out[to] = a * scale;
  out[to + 1] = b * scale;
  out[to + 2] = c * scale;
}

/** The farthest that any part of a body may reach from its feet, metres. */
export const REACH_M = 100;

/** Writes the point at `at` under a matrix. @throws AvatarFileError `numbers` if that is nowhere near a body */
export function writePoint(m: Float64Array, from: ArrayLike<number>, at: number, out: Float32Array, to: number): void {
  writeDirection(m, from, at, out, to, false);
  for (let axis = 0; axis < 3; axis += 1) {
    out[to + axis]! += m[12 + axis]!;
    if (!(Math.abs(out[to + axis]!) < REACH_M)) throw AvatarFileError.numbers('the vertices');
  }
}

/** Moves the vertices of a part from the file to T-pose. */
export class PartShape {
  private readonly blended = new Float64Array(16);

  constructor(
    readonly used: UsedVertices,
    readonly binding: Binding,
    readonly skin: VertexSkin,
  ) {}

  points(from: Float32Array): Float32Array<ArrayBuffer> {
    return this.each((vertex, out, to) => writePoint(this.blended, from, vertex * 3, out, to));
  }

  normals(from: Float32Array): Float32Array<ArrayBuffer> {
    return this.each((vertex, out, to) => writeDirection(this.blended, from, vertex * 3, out, to, true));
  }

  offsets(from: Float32Array): Float32Array<ArrayBuffer> {
    return this.each((vertex, out, to) => writeDirection(this.blended, from, vertex * 3, out, to, false));
  }

  joints(): Uint16Array<ArrayBuffer> {
    const { vertices } = this.used;
    return Uint16Array.from({ length: vertices.length * 4 }, (_, i) => {
      const joint = this.skin.joints[vertices[i >> 2]! * 4 + (i & 3)]!;
      return this.binding.movedBy[joint]!;
    });
  }

  weights(): Float32Array<ArrayBuffer> {
    const { vertices } = this.used;
    return Float32Array.from(
      { length: vertices.length * 4 },
      (_, i) => this.skin.weights[vertices[i >> 2]! * 4 + (i & 3)]!,
    );
  }

  /** How much the file's node moves a used vertex. */
  weightOf(node: number, place: number): number {
    const at = this.used.vertices[place]! * 4;
    let sum = 0;
    for (let k = at; k < at + 4; k += 1) {
      if (this.binding.nodes[this.skin.joints[k]!] === node) sum += this.skin.weights[k]!;
    }
    return sum;
  }

  private each(write: (vertex: number, out: Float32Array, to: number) => void): Float32Array<ArrayBuffer> {
    const { vertices } = this.used;
    const out = new Float32Array(vertices.length * 3);
    vertices.forEach((vertex, place) => {
      blendMatrices(this.binding, this.skin, vertex, this.blended);
      write(vertex, out, place * 3);
    });
    return out;
  }
}
