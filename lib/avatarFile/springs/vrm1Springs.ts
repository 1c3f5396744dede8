import type { Gltf } from '../gltf/gltf';
import { type JsonObject, listAt, numberOr, numbersAt, objectAt, readEach } from '../gltf/json';
import type { Point } from '../gltf/matrix';
import { SPRING_LIMITS } from '../limits';
import { type FileSpringCollider, type FileSpringJoint, type FileSprings, indexIfKnown, times } from './fileSprings';
import { collidersOfGroups, SpringJoints } from './springJoints';

const EXTENSION = 'VRMC_springBone';
const DOWN = [0, -1, 0];
const ORIGIN = [0, 0, 0];
/** Of the specification's schema. */
const ABSENT = { stiffness: 1, gravityPower: 0, dragForce: 0.5, hitRadius: 0 } as const;

function pointAt(value: unknown, where: string, absent: readonly number[]): Point {
  return numbersAt(value, where, absent) as unknown as Point;
}

/** A round shape that keeps things outside; null for planes, hollow shapes and what there may be beside. */
function roundShape(collider: JsonObject, where: string): Omit<FileSpringCollider, 'node'> | null {
  const extensions = objectAt(collider.extensions, where);
  const extended = objectAt(extensions.VRMC_springBone_extended_collider, where).shape;
  const { sphere, capsule } = objectAt(extended ?? collider.shape, `${where}.shape`);
  const shape = objectAt(sphere ?? capsule, `${where}.shape`);
  if ((sphere ?? capsule) == null || shape.inside === true) return null;
  return {
    offset: pointAt(shape.offset, `${where}.offset`, ORIGIN),
    tail: sphere == null ? pointAt(shape.tail, `${where}.tail`, ORIGIN) : null,
    radius: Math.max(0, numberOr(shape.radius, 0)),
  };
}

/** The colliders that count, and which of them each collider group of the file holds. */
function readColliders(extension: JsonObject, nodes: number) {
  const colliders: FileSpringCollider[] = [];
  const kept = readEach(extension.colliders, `${EXTENSION}.colliders`, (collider, where) => {
    const node = indexIfKnown(collider.node, nodes);
    const shape = roundShape(collider, where);
    if (node < 0 || !shape || colliders.length >= SPRING_LIMITS.colliders) return -1;
    return colliders.push({ node, ...shape }) - 1;
  });
  const groups = readEach(extension.colliderGroups, `${EXTENSION}.colliderGroups`, (group, where) => {
    const held = listAt(group.colliders, `${where}.colliders`).map(
      (collider) => kept[indexIfKnown(collider, kept.length)],
    );
    return [...new Set(held)].filter((collider): collider is number => collider !== undefined && collider >= 0);
  });
  return { colliders, groups };
}

type Swing = Pick<FileSpringJoint, 'stiffness' | 'gravity' | 'dragForce' | 'hitRadius'>;

function swingOf(joint: JsonObject, where: string): Swing {
  const gravityDir = pointAt(joint.gravityDir, `${where}.gravityDir`, DOWN);
  return {
    stiffness: Math.max(0, numberOr(joint.stiffness, ABSENT.stiffness)),
    gravity: times(gravityDir, numberOr(joint.gravityPower, ABSENT.gravityPower)),
    dragForce: Math.min(1, Math.max(0, numberOr(joint.dragForce, ABSENT.dragForce))),
    hitRadius: Math.max(0, numberOr(joint.hitRadius, ABSENT.hitRadius)),
  };
}

/** `VRMC_springBone` 1.0: each joint of a spring but the last swings, with the next one at its end. @throws AvatarFileError */
export function readVrm1Springs({ nodes, extensions }: Gltf, isFree: (node: number) => boolean): FileSprings {
  const extension = objectAt(extensions[EXTENSION], EXTENSION);
  const { colliders, groups } = readColliders(extension, nodes.length);
  const joints = new SpringJoints(isFree);
  readEach(extension.springs, `${EXTENSION}.springs`, (spring, where) => {
    if (joints.isFull) return;
    const chosen = listAt(spring.colliderGroups, `${where}.colliderGroups`);
    const touched = collidersOfGroups(
      groups,
      chosen.map((group) => indexIfKnown(group, groups.length)),
    );
    const center = indexIfKnown(spring.center, nodes.length);
    const chain = readEach(spring.joints, `${where}.joints`, (joint, place) => ({ joint, place }));
    chain.slice(0, -1).forEach(({ joint, place }, index) => {
      const [node, end] = [joint.node, chain[index + 1]!.joint.node].map((value) => indexIfKnown(value, nodes.length));
      if (node! < 0 || end! < 0) return;
      joints.add({ node: node!, end: end!, center, colliders: touched, ...swingOf(joint, place) });
    });
  });
  return { joints: joints.list, colliders };
}
