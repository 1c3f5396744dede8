import type { BufferGeometry, Material, Matrix4, Quaternion, Vector3 } from 'three';
import type { AvatarMeasures } from './avatarMeasures';

/** One node of a model's rest pose; parents come before their children. */
export interface NodeTemplate {
  readonly name: string;
  /** Index in {@link AvatarModel.nodes}, -1 for the root. */
  readonly parent: number;
  /** Metres, against the parent. */
  readonly position: Vector3;
  readonly rotation: Quaternion;
  readonly scale: Vector3;
}

/** One skinned mesh: what all instances share, and how to bind a new one. */
export interface MeshTemplate {
  readonly name: string;
  readonly node: number;
  /** From fine (first) to coarse; all share their vertex buffers. */
  readonly geometries: readonly BufferGeometry[];
  /** Materials from full colour (first) to fully dimmed (last), shared by every instance. */
  readonly materials: readonly Material[];
  /** Node of each joint. */
  readonly joints: readonly number[];
  readonly boneInverses: readonly Matrix4[];
  readonly bindMatrix: Matrix4;
  /** Morph target of each ARKit blendshape, in pose order; -1 where the mesh has none. Empty for a mesh without face. */
  readonly arkitMorphs: readonly number[];
}

/** A parsed avatar, immutable and shared by everybody who wears it. */
export interface AvatarModel {
  readonly nodes: readonly NodeTemplate[];
  readonly meshes: readonly MeshTemplate[];
  /** Node of each bone of `BONES`, -1 where the model has none. */
  readonly boneNodes: readonly number[];
  /**
   * Eight numbers a bone: rest rotation of the bone's parent in root space, then the bone's own rest rotation, x y z w
   * each. A pose's rotation q is drawn as `parent^-1 * q * parent * rest`.
   */
  readonly binds: Float32Array;
  readonly measures: AvatarMeasures;
  /** Frees geometry, materials and textures. */
  dispose(): void;
}
