import { BufferAttribute, type BufferGeometry, Texture } from 'three';
import type { AvatarMeasures } from './avatarMeasures';
import type { AvatarSource, AvatarSurface, SourceMesh } from './avatarSource';
import { buildRig } from './buildRig';
import { createMorphTargets, type MorphTargets } from './morphTargets';
import type { RigSkeleton } from './rigSkeleton';

/** One mesh of a model, bound to the model's rig: its `skinIndex` is an index of the rig's matrices. */
export interface ModelMesh {
  readonly name: string;
  /** From fine to coarse; all share their vertex buffers. */
  readonly geometries: readonly BufferGeometry[];
  readonly surface: AvatarSurface;
  /** How the face moves this mesh; null where it doesn't. */
  readonly morphs: MorphTargets | null;
}

/** A parsed avatar, immutable and shared by everyone who wears it. */
export interface AvatarModel {
  readonly rig: RigSkeleton;
  readonly meshes: readonly ModelMesh[];
  readonly measures: AvatarMeasures;
  /** Triangles of all meshes together at each level, fine to coarse; at least one level. */
  readonly triangles: readonly number[];
  /** Frees geometry and textures. */
  dispose(): void;
}

/** Builds a model from its source: the rig, meshes bound to it, morphs in textures. Takes over the geometries. */
export function createAvatarModel(source: AvatarSource): AvatarModel {
  const { rig, jointEntries } = buildRig(source);
  const meshes = source.meshes.map((mesh, index) => modelMesh(mesh, jointEntries[index]!));
  return {
    rig,
    meshes,
    measures: source.measures,
    triangles: trianglesByLevel(meshes),
    dispose: () => disposeMeshes(meshes),
  };
}

function modelMesh(mesh: SourceMesh, entries: Uint16Array): ModelMesh {
  const { name, geometries, surface, arkitMorphs } = mesh;
  const morphs = createMorphTargets(geometries[0]!, arkitMorphs);
  const skinIndex = rebind(geometries[0]!, entries);
  for (const geometry of geometries) {
    geometry.setAttribute('skinIndex', skinIndex);
    // The texture holds them from here on.
    geometry.morphAttributes = {};
  }
  return { name, geometries, surface, morphs };
}

/** The geometry's joints as entries of the rig. */
function rebind(geometry: BufferGeometry, entries: Uint16Array): BufferAttribute {
  const joints = geometry.attributes.skinIndex!;
  const bound = new Uint16Array(joints.count * 4);
  for (let i = 0; i < bound.length; i += 1) bound[i] = entries[joints.getComponent(i >> 2, i & 3)] ?? 0;
  return new BufferAttribute(bound, 4);
}

function trianglesByLevel(meshes: readonly ModelMesh[]): number[] {
  const levels = Math.max(...meshes.map(({ geometries }) => geometries.length));
  const of = ({ geometries }: ModelMesh, level: number) => {
    const { index, attributes } = geometries[Math.min(level, geometries.length - 1)]!;
    return (index ?? attributes.position!).count / 3;
  };
  return Array.from({ length: levels }, (_, level) => meshes.reduce((sum, mesh) => sum + of(mesh, level), 0));
}

function disposeMeshes(meshes: readonly ModelMesh[]): void {
  for (const { geometries, surface, morphs } of meshes) {
    for (const geometry of geometries) geometry.dispose();
    for (const value of Object.values(surface)) if (value instanceof Texture) value.dispose();
    morphs?.texture.dispose();
  }
}
