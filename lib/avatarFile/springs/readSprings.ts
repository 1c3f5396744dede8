import type { Gltf } from '../gltf/gltf';
import { type JsonObject, listAt, numberOr, numbersAt, objectAt, readEach } from '../gltf/json';
import type { Point } from '../gltf/matrix';
import type { Humanoid } from '../humanoid';
import { SPRING_LIMITS } from '../limits';
import {
  collidersOfGroups,
  type FileSpringCollider,
  type FileSpringJoint,
  type FileSprings,
  indexIfKnown,
  SpringJoints,
  times,
} from './fileSprings';

const WHERE = 'VRM.secondaryAnimation';
/** The defaults of UniVRM, where the format comes from. */
const VRM0_ABSENT = { stiffness: 1, gravityPower: 0, dragForce: 0.4, hitRadius: 0.02 } as const;

/** A vector in Unity's axes, as VRM 0.x stores it: its Z is the negative of glTF's. */
function unityPoint(value: unknown, where: string, absent: Point): Point {
  if (value === undefined || value === null) return absent;
  const { x, y, z } = objectAt(value, where);
  return [numberOr(x, 0), numberOr(y, 0), -numberOr(z, 0)];
}

/** The colliders, and the members of each group of the file. */
function readVrm0Colliders(secondary: JsonObject, nodes: number) {
  const colliders: FileSpringCollider[] = [];
  const groups = readEach(secondary.colliderGroups, `${WHERE}.colliderGroups`, (group, where) => {
    const node = indexIfKnown(group.node, nodes);
    const spheres = readEach(group.colliders, `${where}.colliders`, ({ offset, radius }, place) => ({
      node,
      offset: unityPoint(offset, place, [0, 0, 0]),
      tail: null,
      radius: Math.max(0, numberOr(radius, 0)),
    }));
    const first = colliders.length;
    if (node >= 0) colliders.push(...spheres.slice(0, SPRING_LIMITS.colliders - first));
    return Array.from({ length: colliders.length - first }, (_, index) => first + index);
  });
  return { colliders, groups };
}

type Vrm0Swing = Omit<FileSpringJoint, 'node' | 'end' | 'colliders'>;

/** The colliders of the groups that a spring names. @throws AvatarFileError `json` if they are no list */
function touchedBy(spring: JsonObject, where: string, groups: readonly (readonly number[])[]): () => number[] {
  const chosen = listAt(spring.colliderGroups, `${where}.colliderGroups`);
  return () =>
    collidersOfGroups(
      groups,
      chosen.map((index) => indexIfKnown(index, groups.length)),
    );
}

function vrm0SwingOf(group: JsonObject, where: string, nodes: number): Vrm0Swing {
  const gravityDir = unityPoint(group.gravityDir, `${where}.gravityDir`, [0, -1, 0]);
  return {
    // The format spells it this way.
    stiffness: Math.max(0, numberOr(group.stiffiness, VRM0_ABSENT.stiffness)),
    gravity: times(gravityDir, numberOr(group.gravityPower, VRM0_ABSENT.gravityPower)),
    dragForce: Math.min(1, Math.max(0, numberOr(group.dragForce, VRM0_ABSENT.dragForce))),
    hitRadius: Math.max(0, numberOr(group.hitRadius, VRM0_ABSENT.hitRadius)),
    center: indexIfKnown(group.center, nodes),
  };
}

/**
 * `secondaryAnimation` of VRM 0.x: the bones of a group and everything below them swing, each with its first child at its
 * end. If groups overlap, the first counts. @throws AvatarFileError
 */
function readVrm0Springs({ nodes, extensions }: Gltf, isFree: (node: number) => boolean): FileSprings {
  const secondary = objectAt(objectAt(extensions.VRM, 'VRM').secondaryAnimation, WHERE);
  const { colliders, groups } = readVrm0Colliders(secondary, nodes.length);
  const joints = new SpringJoints(isFree);
  const seen = new Set<number>();
  readEach(secondary.boneGroups, `${WHERE}.boneGroups`, (group, where) => {
    if (joints.isFull) return;
    const swing = vrm0SwingOf(group, where, nodes.length);
    const touched = touchedBy(group, where, groups);
    const roots = listAt(group.bones, `${where}.bones`).map((bone) => indexIfKnown(bone, nodes.length));
    const swinging = new Set(roots.filter((root) => root >= 0 && !seen.has(root)));
    // A set is walked as it grows, and holds each node once.
    for (const node of swinging) {
      for (const child of nodes[node]!.children) if (!seen.has(child)) swinging.add(child);
      seen.add(node);
      joints.add({ node, end: nodes[node]!.children[0] ?? -1, ...swing }, touched);
    }
  });
  return { joints: joints.list, colliders };
}

const EXTENSION = 'VRMC_springBone';
const DOWN = [0, -1, 0];
const ORIGIN = [0, 0, 0];
/** The defaults of the specification's schema. */
const VRM1_ABSENT = { stiffness: 1, gravityPower: 0, dragForce: 0.5, hitRadius: 0 } as const;

function pointAt(value: unknown, where: string, absent: readonly number[]): Point {
  return numbersAt(value, where, absent) as unknown as Point;
}

/** A round shape that keeps things outside; null for planes, hollow shapes and anything else. */
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

/** The colliders that count, and the members of each collider group of the file. */
function readVrm1Colliders(extension: JsonObject, nodes: number) {
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

type Vrm1Swing = Pick<FileSpringJoint, 'stiffness' | 'gravity' | 'dragForce' | 'hitRadius'>;

function vrm1SwingOf(joint: JsonObject, where: string): Vrm1Swing {
  const gravityDir = pointAt(joint.gravityDir, `${where}.gravityDir`, DOWN);
  return {
    stiffness: Math.max(0, numberOr(joint.stiffness, VRM1_ABSENT.stiffness)),
    gravity: times(gravityDir, numberOr(joint.gravityPower, VRM1_ABSENT.gravityPower)),
    dragForce: Math.min(1, Math.max(0, numberOr(joint.dragForce, VRM1_ABSENT.dragForce))),
    hitRadius: Math.max(0, numberOr(joint.hitRadius, VRM1_ABSENT.hitRadius)),
  };
}

/** `VRMC_springBone` 1.0: every joint of a spring but the last swings, with the next one at its end. @throws AvatarFileError */
function readVrm1Springs({ nodes, extensions }: Gltf, isFree: (node: number) => boolean): FileSprings {
  const extension = objectAt(extensions[EXTENSION], EXTENSION);
  const { colliders, groups } = readVrm1Colliders(extension, nodes.length);
  const joints = new SpringJoints(isFree);
  readEach(extension.springs, `${EXTENSION}.springs`, (spring, where) => {
    if (joints.isFull) return;
    const touched = touchedBy(spring, where, groups);
    const center = indexIfKnown(spring.center, nodes.length);
    const chain = readEach(spring.joints, `${where}.joints`, (joint, place) => ({ joint, place }));
    chain.slice(0, -1).forEach(({ joint, place }, index) => {
      const [node, end] = [joint.node, chain[index + 1]!.joint.node].map((value) => indexIfKnown(value, nodes.length));
      if (node! < 0 || end! < 0) return;
      joints.add({ node: node!, end: end!, center, ...vrm1SwingOf(joint, place) }, touched);
    });
  });
  return { joints: joints.list, colliders };
}

/**
 * Reads the springs of a file of either version; bones of the body are left to the pose. A spring that names missing nodes,
 * colliders or groups doesn't swing; one of the wrong type refuses the file. @throws AvatarFileError
 */
export function readSprings(gltf: Gltf, { kind, boneNodes }: Humanoid): FileSprings {
  const reached = new Set(gltf.order);
  const bones = new Set(boneNodes);
  const isFree = (node: number) => reached.has(node) && !bones.has(node);
  return kind === 'vrm0' ? readVrm0Springs(gltf, isFree) : readVrm1Springs(gltf, isFree);
}
