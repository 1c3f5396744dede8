import { packGlb, padding } from '@/lib/export/glb';

/** The parts of glTF 2.0 (section 5) that are written here. */
interface GltfAccessor {
  bufferView?: number;
  componentType: number;
  count: number;
  type: AccessorType;
  normalized?: boolean;
  min?: number[];
  max?: number[];
  sparse?: {
    count: number;
    indices: { bufferView: number; componentType: number };
    values: { bufferView: number };
  };
}

export interface GltfNode {
  name: string;
  translation?: readonly number[];
  children?: number[];
  mesh?: number;
  skin?: number;
}

export interface GltfPrimitive {
  attributes: Record<string, number>;
  indices: number;
  material: number;
  targets?: Array<{ POSITION: number }>;
  extras?: { levels: number[] };
}

export interface GltfJson {
  asset: { version: '2.0'; generator: string };
  scene: number;
  scenes: Array<{ nodes: number[] }>;
  nodes: GltfNode[];
  meshes: Array<{ name: string; primitives: GltfPrimitive[]; weights?: number[]; extras?: { targetNames: string[] } }>;
  skins: Array<{ joints: number[]; skeleton: number; inverseBindMatrices: number }>;
  materials: object[];
  textures: object[];
  samplers: object[];
  images: object[];
  accessors: GltfAccessor[];
  bufferViews: Array<{ buffer: 0; byteOffset: number; byteLength: number; target?: number }>;
  buffers: Array<{ byteLength: number }>;
  extensionsUsed: string[];
  extensions: Record<string, object>;
}

/** Components of each accessor type. */
export const COMPONENTS = { SCALAR: 1, VEC2: 2, VEC3: 3, VEC4: 4, MAT4: 16 } as const;
export type AccessorType = keyof typeof COMPONENTS;

/** Component types and buffer targets, by their WebGL numbers. */
export const GL = {
  unsignedByte: 5121,
  unsignedShort: 5123,
  float: 5126,
  arrayBuffer: 34962,
  elementArrayBuffer: 34963,
  nearest: 9728,
  clampToEdge: 33071,
} as const;

function emptyGltf(generator: string): GltfJson {
  return {
    asset: { version: '2.0', generator },
    scene: 0,
    scenes: [],
    nodes: [],
    meshes: [],
    skins: [],
    materials: [],
    textures: [],
    samplers: [],
    images: [],
    accessors: [],
    bufferViews: [],
    buffers: [],
    extensionsUsed: [],
    extensions: {},
  };
}

type Values = Float32Array | Uint16Array | Uint8Array;

export interface AccessorOptions {
  readonly target?: number;
  readonly normalized?: boolean;
  /** Whether to write bounds (POSITION needs them). */
  readonly bounded?: boolean;
}

function componentType(values: Values): number {
  if (values instanceof Float32Array) return GL.float;
  return values instanceof Uint16Array ? GL.unsignedShort : GL.unsignedByte;
}

function boundsOf(values: Values, size: number): { min: number[]; max: number[] } {
  const min = new Array<number>(size).fill(Number.POSITIVE_INFINITY);
  const max = new Array<number>(size).fill(Number.NEGATIVE_INFINITY);
  values.forEach((value, i) => {
    min[i % size] = Math.min(min[i % size]!, value);
    max[i % size] = Math.max(max[i % size]!, value);
  });
  return { min, max };
}

/** Collects buffers and JSON of one glTF and writes it as GLB. glTF tools would drop the VRM extension. */
export class GlbWriter {
  readonly json: GltfJson;
  readonly #pieces: Uint8Array[] = [];
  #byteLength = 0;

  constructor(generator: string) {
    this.json = emptyGltf(generator);
  }

  /** Adds bytes, aligned to 4; returns the buffer view's index. */
  addView(bytes: Uint8Array, target?: number): number {
    const view = { buffer: 0 as const, byteOffset: this.#byteLength, byteLength: bytes.length };
    this.#pieces.push(bytes);
    this.#byteLength += bytes.length + padding(bytes.length);
    return this.json.bufferViews.push(target === undefined ? view : { ...view, target }) - 1;
  }

  /** Adds an accessor with its data; returns its index. */
  addAccessor(values: Values, type: AccessorType, { target, normalized, bounded }: AccessorOptions = {}): number {
    const accessor: GltfAccessor = {
      bufferView: this.addView(bytesOf(values), target),
      componentType: componentType(values),
      count: values.length / COMPONENTS[type],
      type,
      ...(normalized ? { normalized } : {}),
      ...(bounded ? boundsOf(values, COMPONENTS[type]) : {}),
    };
    return this.json.accessors.push(accessor) - 1;
  }

  /** Adds a VEC3 accessor that stores only non-zero vertices; returns its index. */
  addSparseVec3(values: Float32Array): number {
    const count = values.length / 3;
    const moved = Array.from({ length: count }, (_, i) => i).filter(
      (i) => values[i * 3] || values[i * 3 + 1] || values[i * 3 + 2],
    );
    const accessor: GltfAccessor = { componentType: GL.float, count, type: 'VEC3', ...boundsOf(values, 3) };
    if (moved.length > 0)
      accessor.sparse = {
        count: moved.length,
        indices: { bufferView: this.addView(bytesOf(Uint16Array.from(moved))), componentType: GL.unsignedShort },
        values: {
          bufferView: this.addView(
            bytesOf(Float32Array.from(moved.flatMap((i) => [...values.subarray(i * 3, i * 3 + 3)]))),
          ),
        },
      };
    return this.json.accessors.push(accessor) - 1;
  }

  /** The whole file. */
  toBytes(): Buffer {
    this.json.buffers = [{ byteLength: this.#byteLength }];
    return Buffer.from(packGlb(this.json, this.#pieces).buffer);
  }
}

function bytesOf(values: Values): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
