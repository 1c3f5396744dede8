import { Bone, Group, type Material, type Object3D, Quaternion, Skeleton, SkinnedMesh, Vector3 } from 'three';
import { ARKIT_COUNT } from '@/lib/pose/arkit';
import { BONE_COUNT } from '@/lib/pose/bones';
import { FACE_OFFSET, GAZE_OFFSET, HIPS_OFFSET, type Pose, PosePart, ROTATIONS_OFFSET } from '@/lib/pose/pose';
import { DIM_STEPS } from './avatarMaterials';
import type { AvatarModel, MeshTemplate, NodeTemplate } from './avatarModel';
import { writeGazeMorphs } from './gazeMorphs';

const parentRest = new Quaternion();
const ownRest = new Quaternion();
const rotation = new Quaternion();
const offset = new Vector3();
const faceWeights = new Float32Array(ARKIT_COUNT);

const keepEulerStale = (): void => {};

function createNode(template: NodeTemplate): Bone {
  const node = new Bone();
  node.name = template.name;
  node.position.copy(template.position);
  node.quaternion.copy(template.rotation);
  node.scale.copy(template.scale);
  // Nobody reads these nodes' Euler angles; computing them on every write would cost more than the write.
  node.quaternion._onChange(keepEulerStale);
  return node;
}

/** One avatar in the scene. Shares geometry, materials and textures with all others of its model. */
export class AvatarInstance {
  /** Stands on the floor at its origin and looks along +Z. */
  readonly root = new Group();
  /** The node of each bone of `BONES`, null where the model has none. */
  readonly bones: readonly (Object3D | null)[];
  readonly meshes: readonly SkinnedMesh[];
  private readonly nodes: readonly Bone[];
  private readonly turned: readonly boolean[];
  private dimStep = 0;
  private level = 0;

  constructor(readonly model: AvatarModel) {
    this.nodes = model.nodes.map(createNode);
    model.nodes.forEach((template, index) => {
      (this.nodes[template.parent] ?? this.root).add(this.nodes[index]!);
    });
    this.bones = model.boneNodes.map((node) => this.nodes[node] ?? null);
    this.turned = this.bones.map((_, bone) => isTurned(model.binds, bone));
    const skeletons = new Map<string, Skeleton>();
    this.meshes = model.meshes.map((mesh) => this.createMesh(mesh, skeletons));
  }

  /** Poses the avatar: rotations and hips as they are, face and gaze as morph weights. Allocates nothing. */
  applyPose(pose: Pose): void {
    this.applyRotations(pose.values);
    this.applyHips(pose.values);
    this.applyFace(pose);
  }

  /** 0 full colour .. 1 dimmed, in few steps, since materials are shared. */
  setDim(dim: number): void {
    const step = Math.round(Math.min(1, Math.max(0, dim)) * (DIM_STEPS - 1));
    if (step === this.dimStep) return;
    this.dimStep = step;
    for (let i = 0; i < this.meshes.length; i += 1) {
      this.meshes[i]!.material = this.model.meshes[i]!.materials[step] as Material;
    }
  }

  /** 0 the finest; a model with fewer levels shows its coarsest. */
  setLevel(level: number): void {
    if (level === this.level) return;
    this.level = level;
    for (let i = 0; i < this.meshes.length; i += 1) {
      const { geometries } = this.model.meshes[i]!;
      this.meshes[i]!.geometry = geometries[Math.min(level, geometries.length - 1)]!;
    }
  }

  /** Frees what is this instance's own; the model stays. */
  dispose(): void {
    this.root.removeFromParent();
    for (const mesh of this.meshes) mesh.skeleton.dispose();
  }

  private createMesh(template: MeshTemplate, skeletons: Map<string, Skeleton>): SkinnedMesh {
    const mesh = new SkinnedMesh(template.geometries[0], template.materials[0] as Material);
    mesh.name = template.name;
    mesh.frustumCulled = false;
    mesh.castShadow = true;
    mesh.receiveShadow = true;
    this.nodes[template.node]!.add(mesh);
    mesh.bind(this.skeletonFor(template, skeletons), template.bindMatrix);
    return mesh;
  }

  /** Meshes with the same joints share a skeleton, and so its upload. */
  private skeletonFor(template: MeshTemplate, skeletons: Map<string, Skeleton>): Skeleton {
    const key = `${template.joints.join()}|${template.boneInverses.map((m) => m.elements.join()).join()}`;
    const joints = () => template.joints.map((node) => this.nodes[node]!);
    const skeleton = skeletons.get(key) ?? new Skeleton(joints(), [...template.boneInverses]);
    skeletons.set(key, skeleton);
    return skeleton;
  }

  private applyRotations(values: Float32Array): void {
    for (let bone = 0; bone < BONE_COUNT; bone += 1) {
      const node = this.bones[bone];
      if (!node) continue;
      const at = ROTATIONS_OFFSET + bone * 4;
      node.quaternion.set(values[at]!, values[at + 1]!, values[at + 2]!, values[at + 3]!);
      if (this.turned[bone]) this.conjugate(bone, node.quaternion);
    }
  }

  /** From the pose's space (axes of the root) to the model's own bone axes: `parent^-1 * q * parent * rest`. */
  private conjugate(bone: number, q: Quaternion): void {
    parentRest.fromArray(this.model.binds, bone * 8);
    ownRest.fromArray(this.model.binds, bone * 8 + 4);
    rotation.copy(parentRest).invert().multiply(q).multiply(parentRest).multiply(ownRest);
    q.copy(rotation);
  }

  private applyHips(values: Float32Array): void {
    const hips = this.bones[0];
    if (!hips) return;
    offset.fromArray(values, HIPS_OFFSET);
    parentRest.fromArray(this.model.binds, 0).invert();
    hips.position.copy(this.model.nodes[this.model.boneNodes[0]!]!.position).add(offset.applyQuaternion(parentRest));
  }

  private applyFace(pose: Pose): void {
    const { values, parts } = pose;
    for (let i = 0; i < ARKIT_COUNT; i += 1) faceWeights[i] = values[FACE_OFFSET + i]!;
    if (parts & PosePart.gaze) writeGazeMorphs(values[GAZE_OFFSET]!, values[GAZE_OFFSET + 1]!, faceWeights);
    for (let i = 0; i < this.meshes.length; i += 1) {
      writeInfluences(this.model.meshes[i]!.arkitMorphs, this.meshes[i]!.morphTargetInfluences);
    }
  }
}

function writeInfluences(morphs: readonly number[], influences: number[] | undefined): void {
  if (!influences) return;
  for (let i = 0; i < morphs.length; i += 1) {
    if (morphs[i]! >= 0) influences[morphs[i]!] = faceWeights[i]!;
  }
}

function isTurned(binds: Float32Array, bone: number): boolean {
  const at = bone * 8;
  return Math.abs(binds[at + 3]!) < 1 - 1e-7 || Math.abs(binds[at + 7]!) < 1 - 1e-7;
}
