/** The parts of glTF 2.0 (section 5) the generator writes. */
export interface GltfAccessor {
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

export function emptyGltf(generator: string): GltfJson {
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
