import { BoxGeometry, BufferAttribute, Matrix4, MeshBasicMaterial, Quaternion, Vector3 } from 'three';
import { ARKIT_COUNT } from '@/lib/pose/arkit';
import { BONE_PARENTS, BONES } from '@/lib/pose/bones';
import type { AvatarModel } from '@/scene/avatar/avatarModel';

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
    () => new BufferAttribute(new Float32Array(count * 3), 3),
  );
  return geometry;
}

/** A model of all bones and one mesh with all morphs; `isTurned` gives every bone a rest rotation of its own. */
export function createSyntheticModel(isTurned = false): AvatarModel {
  const rests = BONES.map((_, index) => (isTurned ? turnedRest(index) : new Quaternion()));
  const binds = new Float32Array(BONES.length * 8);
  const worlds: Quaternion[] = [];
  BONES.forEach((_, index) => {
    const parent = worlds[BONE_PARENTS[index]!] ?? new Quaternion();
    parent.toArray(binds, index * 8);
    rests[index]!.toArray(binds, index * 8 + 4);
    worlds.push(parent.clone().multiply(rests[index]!));
  });
  return {
    nodes: BONES.map((name, index) => ({
      name,
      parent: BONE_PARENTS[index]!,
      position: new Vector3(0, index === 0 ? MEASURES.hipsY : 0.1, 0),
      rotation: rests[index]!,
      scale: new Vector3(1, 1, 1),
    })),
    meshes: [
      {
        name: 'Face',
        node: 0,
        geometries: [geometryWithMorphs()],
        materials: Array.from({ length: 5 }, () => new MeshBasicMaterial()),
        joints: BONES.map((_, index) => index),
        boneInverses: BONES.map(() => new Matrix4()),
        bindMatrix: new Matrix4(),
        arkitMorphs: Array.from({ length: ARKIT_COUNT }, (_, index) => index),
      },
    ],
    boneNodes: BONES.map((_, index) => index),
    binds,
    measures: MEASURES,
    dispose: () => {},
  };
}
