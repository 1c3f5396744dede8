import type { VRM } from '@pixiv/three-vrm';
import { type BufferGeometry, type Material, type Object3D, Quaternion, SkinnedMesh, Texture, Vector3 } from 'three';
import { ARKIT_BLENDSHAPES } from '@/lib/pose/arkit';
import { BONES, type BoneName } from '@/lib/pose/bones';
import { AvatarLoadError } from './avatarLoadError';
import { type CreateAvatarMaterial, matteMaterials } from './avatarMaterials';
import { measureAvatar } from './avatarMeasures';
import type { AvatarModel, MeshTemplate, NodeTemplate } from './avatarModel';
import { coarseGeometry } from './coarseIndex';
import { keepArkitMorphs } from './keepArkitMorphs';

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

function nodeTemplate(node: Object3D, indices: Map<Object3D, number>): NodeTemplate {
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

/** Makes materials once per source, so that meshes with one material keep one. */
function sharedMaterials(create: CreateAvatarMaterial): (source: Material) => Material[] {
  const made = new Map<Material, Material[]>();
  return (source) => {
    const materials = made.get(source) ?? matteMaterials(source, create);
    made.set(source, materials);
    return materials;
  };
}

function meshTemplate(
  mesh: SkinnedMesh,
  indices: Map<Object3D, number>,
  materialsOf: (source: Material) => Material[],
): MeshTemplate {
  const material = Array.isArray(mesh.material) ? mesh.material[0]! : mesh.material;
  return {
    name: mesh.name,
    node: indices.get(mesh) ?? 0,
    geometries: [mesh.geometry],
    materials: materialsOf(material),
    joints: mesh.skeleton.bones.map((bone) => indices.get(bone) ?? 0),
    boneInverses: mesh.skeleton.boneInverses.map((inverse) => inverse.clone()),
    bindMatrix: mesh.bindMatrix.clone(),
    arkitMorphs: keepArkitMorphs(mesh.geometry, arkitMorphsOf(mesh)),
  };
}

/** Cells of the coarser levels, metres; a face keeps more than a body. */
const BODY_CELLS = [0.02, 0.034] as const;
const FACE_CELLS = [0.003, 0.008] as const;

function withCoarseLevels(mesh: MeshTemplate): MeshTemplate {
  const cells = mesh.arkitMorphs.length > 0 ? FACE_CELLS : BODY_CELLS;
  const fine = mesh.geometries[0]!;
  return { ...mesh, geometries: [fine, ...cells.map((cell) => coarseGeometry(fine, cell))] };
}

function bindsOf(bones: readonly (Object3D | null)[]): Float32Array {
  const binds = new Float32Array(BONES.length * 8);
  const parentRotation = new Quaternion();
  bones.forEach((bone, index) => {
    parentRotation.identity();
    bone?.parent?.getWorldQuaternion(parentRotation);
    parentRotation.toArray(binds, index * 8);
    (bone?.quaternion ?? new Quaternion()).toArray(binds, index * 8 + 4);
  });
  return binds;
}

function skinnedMeshesOf(root: Object3D): SkinnedMesh[] {
  const meshes: SkinnedMesh[] = [];
  root.traverse((node) => {
    if (node instanceof SkinnedMesh) meshes.push(node as SkinnedMesh);
  });
  return meshes;
}

/** Turns a parsed VRM into the flat, shareable form; the VRM itself can then be forgotten. Throws `skeleton`. */
export function templateFromVrm(vrm: VRM, createMaterial: CreateAvatarMaterial): AvatarModel {
  const root = vrm.scene;
  // VRM 0.x looks along -Z, VRM 1.0 and Parley along +Z.
  if (vrm.meta.metaVersion === '0') root.rotation.y = Math.PI;
  root.updateMatrixWorld(true);
  const meshes = skinnedMeshesOf(root);
  if (meshes.length === 0) throw AvatarLoadError.skeleton('skinned mesh');
  const indices = collectNodes(root, null, new Map());
  const bones = BONES.map((name) => vrm.humanoid.getRawBoneNode(name));
  if (!bones[0]) throw AvatarLoadError.skeleton('hips');
  const materialsOf = sharedMaterials(createMaterial);
  const templates = meshes.map((mesh) => withCoarseLevels(meshTemplate(mesh, indices, materialsOf)));
  return {
    nodes: [...indices.keys()].map((node) => nodeTemplate(node, indices)),
    meshes: templates,
    boneNodes: bones.map((bone) => (bone && indices.get(bone)) ?? -1),
    binds: bindsOf(bones),
    measures: measureVrm(vrm, meshes, bones),
    dispose: () => disposeTemplates(templates),
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

/** Frees everything a model's meshes share. */
export function disposeTemplates(meshes: readonly MeshTemplate[]): void {
  for (const mesh of meshes) {
    for (const geometry of mesh.geometries) geometry.dispose();
    for (const material of mesh.materials) disposeMaterial(material);
  }
}

function disposeMaterial(material: Material): void {
  for (const value of Object.values(material)) if (value instanceof Texture) value.dispose();
  material.dispose();
}
