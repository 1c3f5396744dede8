import type { BufferGeometry, Matrix4, MeshLambertMaterialParameters, Quaternion, Vector3 } from 'three';
import type { DataSprings } from '@/lib/avatarFile/decode/avatarData';
import type { AvatarMeasures } from './avatarMeasures';

/** One node of a model at rest. Parents come before their children. */
export interface SourceNode {
  readonly name: string;
  /** Index in {@link AvatarSource.nodes}, -1 for the root. */
  readonly parent: number;
  /** Metres, from the parent. */
  readonly position: Vector3;
  readonly rotation: Quaternion;
  readonly scale: Vector3;
}

/** One skinned mesh, as in its file. */
export interface SourceMesh {
  readonly name: string;
  /** From fine to coarse; all share their vertex buffers. */
  readonly geometries: readonly BufferGeometry[];
  readonly surface: AvatarSurface;
  /** Node of each joint. */
  readonly joints: readonly number[];
  readonly boneInverses: readonly Matrix4[];
  readonly bindMatrix: Matrix4;
  /**
   * Morph target of each ARKit blendshape, in pose order; -1 where the mesh has none. Empty for a mesh without a face.
   */
  readonly arkitMorphs: readonly number[];
}

/** Colours and texture of a mesh, whatever shading its file asks for. */
export type AvatarSurface = Readonly<MeshLambertMaterialParameters>;

/** An avatar as read from a file; `createAvatarModel` makes a model of it. */
export interface AvatarSource {
  readonly nodes: readonly SourceNode[];
  readonly meshes: readonly SourceMesh[];
  /** Node of each bone of `BONES`, -1 where the model has none. */
  readonly boneNodes: readonly number[];
  readonly measures: AvatarMeasures;
  /** Hair, clothes and jewellery that swing; absent or null where nothing does. */
  readonly springs?: DataSprings | null;
}
