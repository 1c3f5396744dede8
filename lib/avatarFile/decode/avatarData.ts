import type { Point } from '../gltf/matrix';
import type { Picture } from './picture';

/** One node of the body as decoded: unrotated and unscaled at rest, so that its place is all there is. */
export interface DataNode {
  readonly name: string;
  /** Index in {@link AvatarData.nodes}, -1 for the root; parents come before their children. */
  readonly parent: number;
  /** Metres, root space: +Y up, looking along +Z, feet on the floor. */
  readonly place: Point;
}

/** The offsets by which one ARKit blendshape moves a mesh. */
export interface DataMorph {
  /** Index in `ARKIT_BLENDSHAPES`. */
  readonly shape: number;
  /** x y z per vertex, metres from the neutral face. */
  readonly offsets: Float32Array<ArrayBuffer>;
}

/** Triangles drawn together, bound to the body in T-pose. */
export interface DataMesh {
  readonly name: string;
  /** x y z per vertex, metres, root space. */
  readonly positions: Float32Array<ArrayBuffer>;
  readonly normals: Float32Array<ArrayBuffer>;
  /** u v per vertex, into {@link AvatarData.picture}; null if no part of the mesh has a picture. */
  readonly uvs: Float32Array<ArrayBuffer> | null;
  /** Linear red, green, blue and opacity per vertex; null for all white. */
  readonly colors: Float32Array<ArrayBuffer> | null;
  /** Four indices in {@link AvatarData.nodes} per vertex. */
  readonly joints: Uint16Array<ArrayBuffer>;
  /** Four weights per vertex that sum to 1. */
  readonly weights: Float32Array<ArrayBuffer>;
  /** Triangles at every level of detail, fine to coarse. */
  readonly levels: readonly Uint32Array<ArrayBuffer>[];
  /** Empty for a mesh without a face. */
  readonly morphs: readonly DataMorph[];
  readonly isBlended: boolean;
  readonly isDoubleSided: boolean;
  /** What is less opaque than this isn't drawn; 0 draws all. */
  readonly alphaCutoff: number;
}

/** A node that swings about its own place. None is on a bone of `BONES`, which the pose moves. */
export interface DataSpringJoint {
  /** Index in {@link AvatarData.nodes}. */
  readonly node: number;
  /** The position of its far end at rest: metres, the node's own space. */
  readonly tail: Point;
  /** Force back to rest, metres per second. */
  readonly stiffness: number;
  /** Metres per second, world space. */
  readonly gravity: Point;
  /** Share of its speed lost per step, 0..1. */
  readonly dragForce: number;
  /** Radius of its far end, metres. */
  readonly hitRadius: number;
  /** Node in whose space it keeps its speed, so that moving with the node causes no swing; -1 for the world. */
  readonly center: number;
  /** Indices in {@link DataSprings.colliders} of the colliders that stop it. */
  readonly colliders: readonly number[];
}

/** A sphere, or a capsule if it has a `tail`; metres, the node's own space. */
export interface DataSpringCollider {
  /** Index in {@link AvatarData.nodes}. */
  readonly node: number;
  readonly offset: Point;
  /** The capsule's other end; null for a sphere. */
  readonly tail: Point | null;
  readonly radius: number;
}

/** The springs: VRMC_springBone 1.0, or `secondaryAnimation` of VRM 0.x converted to the same form. */
export interface DataSprings {
  readonly joints: readonly DataSpringJoint[];
  readonly colliders: readonly DataSpringCollider[];
}

/** An avatar as plain numbers, decoded from its file; all arrays can be transferred between threads. */
export interface AvatarData {
  readonly nodes: readonly DataNode[];
  /** Node of each bone of `BONES`, -1 for none. */
  readonly boneNodes: readonly number[];
  readonly meshes: readonly DataMesh[];
  /** The one picture of all meshes, or null. */
  readonly picture: Picture | null;
  /** Hair, clothes and jewellery that swing; null if nothing does. */
  readonly springs: DataSprings | null;
}
