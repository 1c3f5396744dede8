import { BoxGeometry, BufferAttribute, Color, Matrix4, Quaternion, Vector3 } from 'three';
import { ARKIT_COUNT } from '@/lib/pose/arkit';
import { BONE_PARENTS, BONES } from '@/lib/pose/bones';
import { type AvatarModel, createAvatarModel } from '@/scene/avatar/avatarModel';
import type { AvatarSource, SourceMesh, SourceNode } from '@/scene/avatar/avatarSource';

const MEASURES = {
  hipsY: 0.8,
  hipJointY: 0.75,
  kneeY: 0.42,
  ankleY: 0.09,
  thighBack: 0.08,
  headJointY: 1.2,
  eyeY: 1.35,
  topY: 1.6,
};

/** Rest rotations of a model whose bones don't lie along the root's axes. */
function turnedRest(index: number): Quaternion {
  return new Quaternion().setFromAxisAngle(new Vector3(1, index % 3, -1).normalize(), 0.3 + index * 0.1);
}

function geometryWithMorphs() {
  const geometry = new BoxGeometry(0.1, 0.1, 0.1);
  const count = geometry.attributes.position!.count;
  geometry.setAttribute('skinIndex', new BufferAttribute(new Uint16Array(count * 4), 4));
  geometry.setAttribute('skinWeight', new BufferAttribute(new Float32Array(count * 4).fill(0.25), 4));
  geometry.morphAttributes.position = Array.from(
    { length: ARKIT_COUNT },
    () => new BufferAttribute(new Float32Array(count * 3).fill(0.01), 3),
  );
  return geometry;
}

/** Rest matrices of nodes, root space. */
function restWorldsOf(nodes: readonly SourceNode[]): Matrix4[] {
  const worlds: Matrix4[] = [];
  for (const { parent, position, rotation, scale } of nodes) {
    const local = new Matrix4().compose(position, rotation, scale);
    worlds.push(parent < 0 ? local : worlds[parent]!.clone().multiply(local));
  }
  return worlds;
}

/** A mesh skinned to all nodes at rest. */
export function boundMesh(nodes: readonly SourceNode[]): SourceMesh {
  return {
    name: 'Face',
    geometries: [geometryWithMorphs()],
    surface: { color: new Color(1, 1, 1) },
    joints: nodes.map((_, index) => index),
    boneInverses: restWorldsOf(nodes).map((world) => world.invert()),
    bindMatrix: new Matrix4(),
    arkitMorphs: Array.from({ length: ARKIT_COUNT }, (_, index) => index),
  };
}

/** A source of all bones and one mesh with all morphs; see {@link createSyntheticModel}. */
export function createSyntheticSource(isTurned = false): AvatarSource {
  const nodes = BONES.map((name, index) => ({
    name,
    parent: BONE_PARENTS[index]!,
    position: new Vector3(0, index === 0 ? MEASURES.hipsY : 0.1, 0),
    rotation: isTurned ? turnedRest(index) : new Quaternion(),
    scale: new Vector3(1, 1, 1),
  }));
  return { nodes, meshes: [boundMesh(nodes)], boneNodes: BONES.map((_, index) => index), measures: MEASURES };
}

/** A model of all bones and one mesh with all morphs; `isTurned` gives every bone a rest rotation of its own. */
export function createSyntheticModel(isTurned = false): AvatarModel {
  return createAvatarModel(createSyntheticSource(isTurned));
}
