import type {
  VRMSpringBoneCollider,
  VRMSpringBoneColliderShapeCapsule,
  VRMSpringBoneColliderShapeSphere,
  VRMSpringBoneJoint,
  VRMSpringBoneManager,
} from '@pixiv/three-vrm';
import type { Object3D } from 'three';
import type { DataSpringCollider, DataSpringJoint, DataSprings } from '@/lib/avatarFile/decode/avatarData';
import type { Point } from '@/lib/avatarFile/gltf/matrix';

/** Length of a chain's last joint in VRM 0.x, which has no end of its own; metres, as in three-vrm. */
const LAST_LENGTH = 0.07;

type Nodes = ReadonlyMap<Object3D, number>;
type RoundShape = VRMSpringBoneColliderShapeSphere | VRMSpringBoneColliderShapeCapsule;

/** The springs that three-vrm has read from a file of either version, as plain data. */
export function springsFromVrm({ joints, colliders }: VRMSpringBoneManager, nodes: Nodes): DataSprings {
  const solid = colliders.filter(isSolid);
  return {
    joints: [...joints].map((joint) => springJoint(joint, nodes, solid)),
    colliders: solid.map((collider) => springCollider(collider, nodes)),
  };
}

/**
 * Whether a collider keeps things outside: planes and hollow shapes (VRMC_springBone_extended_collider) are left out.
 */
function isSolid({ shape }: VRMSpringBoneCollider): boolean {
  return (shape.type === 'sphere' || shape.type === 'capsule') && !(shape as RoundShape).inside;
}

function springJoint(
  { bone, child, settings, center, colliderGroups }: VRMSpringBoneJoint,
  nodes: Nodes,
  solid: readonly VRMSpringBoneCollider[],
): DataSpringJoint {
  const touched = colliderGroups.flatMap(({ colliders }) => colliders.map((collider) => solid.indexOf(collider)));
  const tail = child?.position.clone() ?? bone.position.clone().normalize().multiplyScalar(LAST_LENGTH);
  return {
    node: nodes.get(bone) ?? 0,
    tail: tail.toArray(),
    stiffness: settings.stiffness,
    gravity: settings.gravityDir.clone().multiplyScalar(settings.gravityPower).toArray() as unknown as Point,
    dragForce: settings.dragForce,
    hitRadius: settings.hitRadius,
    center: (center && nodes.get(center)) ?? -1,
    colliders: touched.filter((index) => index >= 0),
  };
}

function springCollider({ shape, parent }: VRMSpringBoneCollider, nodes: Nodes): DataSpringCollider {
  const { offset, radius } = shape as RoundShape;
  const tail = shape.type === 'capsule' ? (shape as VRMSpringBoneColliderShapeCapsule).tail.toArray() : null;
  return { node: (parent && nodes.get(parent)) ?? 0, offset: offset.toArray(), tail, radius };
}
