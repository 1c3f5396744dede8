import type { BufferGeometry } from 'three';
import type { AvatarMeasures } from './avatarMeasures';
import type { AvatarSurface } from './avatarSource';
import type { MorphTargets } from './morphTargets';
import type { RigSkeleton } from './rigSkeleton';

/** One mesh of a model, bound to the model's rig: its `skinIndex` counts the rig's matrices. */
export interface ModelMesh {
  readonly name: string;
  /** From fine (first) to coarse; all share their vertex buffers. */
  readonly geometries: readonly BufferGeometry[];
  readonly surface: AvatarSurface;
  /** How the face moves this mesh; null where it doesn't. */
  readonly morphs: MorphTargets | null;
}

/** A parsed avatar, immutable and shared by everybody who wears it. */
export interface AvatarModel {
  readonly rig: RigSkeleton;
  readonly meshes: readonly ModelMesh[];
  readonly measures: AvatarMeasures;
  /** Triangles of all meshes together at each level, fine to coarse; at least one level. */
  readonly triangles: readonly number[];
  /** Frees geometry and textures. */
  dispose(): void;
}
