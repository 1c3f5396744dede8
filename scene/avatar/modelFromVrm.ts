import type { VRM } from '@pixiv/three-vrm';
import { type BufferGeometry, type Material, type Object3D, SkinnedMesh, Vector3 } from 'three';
import { ARKIT_BLENDSHAPES } from '@/lib/pose/arkit';
import { BONES, type BoneName } from '@/lib/pose/bones';
import { AvatarLoadError } from './avatarLoadError';
import { matteSurface } from './avatarMaterials';
import { measureAvatar } from './avatarMeasures';
import type { AvatarModel } from './avatarModel';
import type { AvatarSource, SourceMesh, SourceNode } from './avatarSource';
import { createAvatarModel } from './createAvatarModel';
import { type FileLevels, NO_LEVELS } from './fileLevels';
import { keepArkitMorphs } from './keepArkitMorphs';
import { meshLevels, trianglesOf } from './meshLevels';
import { springsFromVrm } from './springsFromVrm';

/** Nodes three-vrm adds beside the model's own. */
const THREE_VRM_NODES = new Set(['VRMHumanoidRig', 'VRMExpressionManager', 'VRMLookAtQuaternionProxy']);

function collectNodes(root: Object3D, parent: Object3D | null, out: Map<Object3D, number>): Map<Object3D, number> {
  if (parent !== null && isForeign(root)) return out;
  out.set(root, out.size);
  for (const child of root.children) collectNodes(child, root, out);
  return out;
}

function isForeign(node: Object3D): boolean {
  return THREE_VRM_NODES.has(node.name) || node.type.startsWith('VRMExpression');
}

function sourceNode(node: Object3D, indices: Map<Object3D, number>): SourceNode {
  return {
    name: node.name,
    parent: (node.parent && indices.get(node.parent)) ?? -1,
    position: node.position.clone(),
    rotation: node.quaternion.clone(),
    scale: node.scale.clone(),
  };
}

function arkitMorphsOf(mesh: SkinnedMesh): number[] {
  const dictionary = mesh.morphTargetDictionary;
  if (!dictionary) return [];
  const byLowerName = new Map(Object.entries(dictionary).map(([name, index]) => [name.toLowerCase(), index]));
  const morphs = ARKIT_BLENDSHAPES.map((name) => byLowerName.get(name.toLowerCase()) ?? -1);
  return morphs.some((index) => index >= 0) ? morphs : [];
}

function sourceMesh(
  mesh: SkinnedMesh,
  indices: Map<Object3D, number>,
  levels: FileLevels,
  modelTriangles: number,
): SourceMesh {
  const arkitMorphs = keepArkitMorphs(mesh.geometry, arkitMorphsOf(mesh));
  const material = Array.isArray(mesh.material) ? (mesh.material[0] as Material) : mesh.material;
  return {
    name: mesh.name,
    geometries: meshLevels(mesh.geometry, levels.get(mesh.geometry) ?? [], arkitMorphs.length > 0, modelTriangles),
    surface: matteSurface(material),
    joints: mesh.skeleton.bones.map((bone) => indices.get(bone) ?? 0),
    boneInverses: mesh.skeleton.boneInverses,
    bindMatrix: mesh.bindMatrix,
    arkitMorphs,
  };
}

function skinnedMeshesOf(root: Object3D): SkinnedMesh[] {
  const meshes: SkinnedMesh[] = [];
  root.traverse((node) => {
    if (node instanceof SkinnedMesh) meshes.push(node as SkinnedMesh);
  });
  return meshes;
}

/** Turns a parsed VRM into the flat, shareable form, as {@link sourceFromVrm} reads it; the VRM can then be forgotten. */
export function modelFromVrm(vrm: VRM, levels?: FileLevels): AvatarModel {
  return createAvatarModel(sourceFromVrm(vrm, levels));
}

/** Reads a parsed VRM as plain data. `levels`: what its file has of coarser levels. Throws `skeleton`. */
export function sourceFromVrm(vrm: VRM, levels: FileLevels = NO_LEVELS): AvatarSource {
  const root = vrm.scene;
  // VRM 0.x looks along -Z, VRM 1.0 and Parley along +Z.
  if (vrm.meta.metaVersion === '0') root.rotation.y = Math.PI;
  root.updateMatrixWorld(true);
  const meshes = skinnedMeshesOf(root);
  if (meshes.length === 0) throw AvatarLoadError.skeleton('skinned mesh');
  const indices = collectNodes(root, null, new Map());
  const bones = BONES.map((name) => vrm.humanoid.getRawBoneNode(name));
  if (!bones[0]) throw AvatarLoadError.skeleton('hips');
  const modelTriangles = meshes.reduce((sum, mesh) => sum + trianglesOf(mesh.geometry), 0);
  return {
    nodes: [...indices.keys()].map((node) => sourceNode(node, indices)),
    measures: measureVrm(vrm, meshes, bones),
    meshes: meshes.map((mesh) => sourceMesh(mesh, indices, levels, modelTriangles)),
    boneNodes: bones.map((bone) => (bone && indices.get(bone)) ?? -1),
    springs: springsFromVrm(vrm.springBoneManager, indices),
  };
}

function measureVrm(vrm: VRM, meshes: readonly SkinnedMesh[], bones: readonly (Object3D | null)[]) {
  const jointAt = (name: BoneName) => vrm.humanoid.getRawBoneNode(name)?.getWorldPosition(new Vector3()) ?? null;
  const measured = meshes.map((mesh) => ({
    geometry: mesh.geometry as BufferGeometry,
    jointBones: mesh.skeleton.bones.map((bone) => bones.indexOf(bone)),
  }));
  return measureAvatar(jointAt, measured);
}
