import type {
  VRMSpringBoneCollider,
  VRMSpringBoneColliderShapeCapsule,
  VRMSpringBoneColliderShapeSphere,
  VRMSpringBoneJoint,
  VRMSpringBoneManager,
} from '@pixiv/three-vrm';
import type { Object3D } from 'three';
import type { SourceSpringCollider, SourceSpringJoint, SourceSprings } from '@/scene/avatar/sourceSprings';

/** Length of a chain's last joint in VRM 0.x, which has no end of its own; metres, as UniVRM has it. */
const LAST_LENGTH = 0.07;

type Nodes = ReadonlyMap<Object3D, number>;
type RoundShape = VRMSpringBoneColliderShapeSphere | VRMSpringBoneColliderShapeCapsule;

/** What three-vrm has read of a file's springs, of either version, as plain data. Undefined where nothing swings. */
export function springsFromVrm(manager: VRMSpringBoneManager | undefined, nodes: Nodes): SourceSprings | undefined {
  if (!manager || manager.joints.size === 0) return undefined;
  const solid = manager.colliders.filter(isSolid);
  return {
    joints: [...manager.joints].map((joint) => springJoint(joint, nodes, solid)),
    colliders: solid.map((collider) => springCollider(collider, nodes)),
  };
}

/** Whether things stay outside: planes and hollow shapes (VRMC_springBone_extended_collider) are left out. */
function isSolid({ shape }: VRMSpringBoneCollider): boolean {
  return (shape.type === 'sphere' || shape.type === 'capsule') && !(shape as RoundShape).inside;
}

function springJoint(
  { bone, child, settings, center, colliderGroups }: VRMSpringBoneJoint,
  nodes: Nodes,
  solid: readonly VRMSpringBoneCollider[],
): SourceSpringJoint {
  const touched = colliderGroups.flatMap(({ colliders }) => colliders.map((collider) => solid.indexOf(collider)));
  return {
    node: nodes.get(bone) ?? 0,
    tail: child?.position.clone() ?? bone.position.clone().normalize().multiplyScalar(LAST_LENGTH),
    stiffness: settings.stiffness,
    gravityPower: settings.gravityPower,
    gravityDir: settings.gravityDir.clone(),
    dragForce: settings.dragForce,
    hitRadius: settings.hitRadius,
    center: (center && nodes.get(center)) ?? -1,
    colliders: touched.filter((index) => index >= 0),
  };
}

function springCollider({ shape, parent }: VRMSpringBoneCollider, nodes: Nodes): SourceSpringCollider {
  const { offset, radius } = shape as RoundShape;
  const tail = shape.type === 'capsule' ? (shape as VRMSpringBoneColliderShapeCapsule).tail.clone() : null;
  return { node: (parent && nodes.get(parent)) ?? 0, offset: offset.clone(), tail, radius };
}
