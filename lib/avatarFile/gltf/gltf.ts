import type { JsonObject } from './json';

/** Components of a value of each type that is read. */
export const COMPONENTS = { SCALAR: 1, VEC2: 2, VEC3: 3, VEC4: 4, MAT4: 16 } as const;
export type AccessorType = keyof typeof COMPONENTS;

/** Bytes of a component, by its number in WebGL. */
export const COMPONENT_BYTES: Readonly<Record<number, number>> = {
  5120: 1,
  5121: 1,
  5122: 2,
  5123: 2,
  5125: 4,
  5126: 4,
};

/** Where values are stored: bytes of the file, a stride apart. */
export interface ValueBlock {
  readonly bytes: Uint8Array;
  readonly strideBytes: number;
  readonly componentType: number;
}

/** A list of values, checked to lie within the file. */
export interface Accessor {
  readonly count: number;
  readonly type: AccessorType;
  readonly normalized: boolean;
  /** Null if all values not in `sparse` are zero. */
  readonly block: ValueBlock | null;
  readonly sparse: { readonly count: number; readonly indices: ValueBlock; readonly values: ValueBlock } | null;
}

export interface Node {
  readonly name: string;
  /** Index of the parent, -1 for a root. */
  readonly parent: number;
  readonly children: readonly number[];
  /** Relative to the parent, column by column. */
  readonly matrix: Float64Array;
  readonly mesh: number;
  readonly skin: number;
}

/** A morph target's accessors, -1 for none. */
export interface MorphTarget {
  readonly position: number;
  readonly normal: number;
}

/** Triangles of one material. Members are accessors, -1 for none. */
export interface Primitive {
  readonly position: number;
  readonly normal: number;
  readonly uv: number;
  readonly color: number;
  readonly joints: number;
  readonly weights: number;
  readonly indices: number;
  /** Triangles of coarser levels over the same vertices, from finer to coarser. */
  readonly levels: readonly number[];
  readonly material: number;
  readonly targets: readonly MorphTarget[];
}

export interface Mesh {
  readonly name: string;
  readonly primitives: readonly Primitive[];
  readonly targetNames: readonly string[];
}

export interface Skin {
  readonly joints: readonly number[];
  /** Accessor, -1 if the joints are bound as they are. */
  readonly inverseBindMatrices: number;
}

export interface Image {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly mimeType: 'image/png' | 'image/jpeg' | 'image/webp';
  readonly widthPx: number;
  readonly heightPx: number;
}

export interface Texture {
  /** Image, -1 for none. */
  readonly image: number;
  /** Enlarged without blending between its pixels. */
  readonly isNearest: boolean;
}

export type AlphaMode = 'OPAQUE' | 'MASK' | 'BLEND';

export interface Material {
  readonly name: string;
  /** Linear red, green, blue and opacity. */
  readonly color: readonly number[];
  /** Texture of the colour, -1 for none. */
  readonly texture: number;
  readonly alphaMode: AlphaMode;
  readonly alphaCutoff: number;
  readonly isDoubleSided: boolean;
  /** Offset and scale of texture coordinates: u v, u v. */
  readonly uvTransform: readonly number[];
}

/** The parts of a glTF asset that an avatar needs, with every reference checked. */
export interface Gltf {
  readonly nodes: readonly Node[];
  /** All nodes reachable from the roots, parents first. */
  readonly order: readonly number[];
  readonly meshes: readonly Mesh[];
  readonly skins: readonly Skin[];
  readonly materials: readonly Material[];
  readonly textures: readonly Texture[];
  readonly images: readonly Image[];
  readonly accessors: readonly Accessor[];
  readonly extensions: JsonObject;
  readonly asset: JsonObject;
}
