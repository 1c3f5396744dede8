import { Bone, Matrix4, Quaternion, Vector3 } from 'three';
import { BONE_COUNT } from '@/lib/pose/bones';
import { HIPS_OFFSET, type Pose, ROTATIONS_OFFSET } from '@/lib/pose/pose';
import type { AvatarSource } from '@/scene/avatar/avatarSource';

/**
 * The same model moved by three's own bones, slow and simple: the rig must agree with it. A rotation q of a pose is
 * drawn as `parent^-1 * q * parent * rest`, with the rest rotations of the bone's parent (root space) and of the bone.
 */
export function threeBones(source: AvatarSource, pose: Pose, x: number, z: number, yawRad: number): Bone[] {
  const root = new Bone();
  const bones = source.nodes.map(() => new Bone());
  source.nodes.forEach(({ parent, position, rotation, scale }, node) => {
    bones[node]!.position.copy(position);
    bones[node]!.quaternion.copy(rotation);
    bones[node]!.scale.copy(scale);
    (bones[parent] ?? root).add(bones[node]!);
  });
  root.updateMatrixWorld(true);
  const parentWorlds = bones.map((bone) => bone.parent!.matrixWorld.clone());
  for (let bone = 0; bone < BONE_COUNT; bone += 1) turn(bones[source.boneNodes[bone]!], source, bone, pose);
  moveHips(bones[source.boneNodes[0]!]!, parentWorlds[source.boneNodes[0]!]!, pose);
  root.position.set(x, 0, z);
  root.rotation.y = yawRad;
  root.updateMatrixWorld(true);
  return bones;

  function turn(node: Bone | undefined, { nodes, boneNodes }: AvatarSource, bone: number, { values }: Pose): void {
    if (!node) return;
    const rest = nodes[boneNodes[bone]!]!.rotation;
    const parent = new Quaternion();
    parentWorlds[boneNodes[bone]!]!.decompose(new Vector3(), parent, new Vector3());
    const q = new Quaternion().fromArray(values, ROTATIONS_OFFSET + bone * 4);
    node.quaternion.copy(parent.clone().invert().multiply(q).multiply(parent).multiply(rest));
  }
}

/** The hips' offset is in metres of root space, whatever the scale of the nodes above. */
function moveHips(hips: Bone, parentWorld: Matrix4, pose: Pose): void {
  const linear = new Matrix4().copy(parentWorld).setPosition(0, 0, 0).invert();
  hips.position.add(new Vector3().fromArray(pose.values, HIPS_OFFSET).applyMatrix4(linear));
}
