import type { Gltf } from '../gltf/gltf';
import { type JsonObject, listAt, numberOr, objectAt, readEach } from '../gltf/json';
import type { Point } from '../gltf/matrix';
import { SPRING_LIMITS } from '../limits';
import { type FileSpringCollider, type FileSpringJoint, type FileSprings, indexIfKnown, times } from './fileSprings';
import { collidersOfGroups, SpringJoints } from './springJoints';

const WHERE = 'VRM.secondaryAnimation';
/** What UniVRM, which the format comes from, begins with. */
const ABSENT = { stiffness: 1, gravityPower: 0, dragForce: 0.4, hitRadius: 0.02 } as const;

/** A vector of Unity's, whose Z runs against glTF's: VRM 0.x keeps these as they are there. */
function unityPoint(value: unknown, where: string, absent: Point): Point {
  if (value === undefined || value === null) return absent;
  const { x, y, z } = objectAt(value, where);
  return [numberOr(x, 0), numberOr(y, 0), -numberOr(z, 0)];
}

/** The colliders, and which of them each group of the file holds. */
function readColliders(secondary: JsonObject, nodes: number) {
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

type Swing = Omit<FileSpringJoint, 'node' | 'end'>;

function swingOf(group: JsonObject, where: string, nodes: number, groups: readonly (readonly number[])[]): Swing {
  const gravityDir = unityPoint(group.gravityDir, `${where}.gravityDir`, [0, -1, 0]);
  const chosen = listAt(group.colliderGroups, `${where}.colliderGroups`);
  return {
    // Spelt so in the format.
    stiffness: Math.max(0, numberOr(group.stiffiness, ABSENT.stiffness)),
    gravity: times(gravityDir, numberOr(group.gravityPower, ABSENT.gravityPower)),
    dragForce: Math.min(1, Math.max(0, numberOr(group.dragForce, ABSENT.dragForce))),
    hitRadius: Math.max(0, numberOr(group.hitRadius, ABSENT.hitRadius)),
    center: indexIfKnown(group.center, nodes),
    colliders: collidersOfGroups(
      groups,
      chosen.map((index) => indexIfKnown(index, groups.length)),
    ),
  };
}

/**
 * `secondaryAnimation` of VRM 0.x: everything below the bones of a group swings, they themselves included, with its first
 * child at its end. Where groups overlap the first counts. @throws AvatarFileError
 */
export function readVrm0Springs({ nodes, extensions }: Gltf, isFree: (node: number) => boolean): FileSprings {
  const secondary = objectAt(objectAt(extensions.VRM, 'VRM').secondaryAnimation, WHERE);
  const { colliders, groups } = readColliders(secondary, nodes.length);
  const joints = new SpringJoints(isFree);
  const seen = new Set<number>();
  readEach(secondary.boneGroups, `${WHERE}.boneGroups`, (group, where) => {
    if (joints.isFull) return;
    const swing = swingOf(group, where, nodes.length, groups);
    const roots = listAt(group.bones, `${where}.bones`).map((bone) => indexIfKnown(bone, nodes.length));
    const swinging = new Set(roots.filter((root) => root >= 0 && !seen.has(root)));
    // A set is walked as it grows, and holds each node once.
    for (const node of swinging) {
      for (const child of nodes[node]!.children) if (!seen.has(child)) swinging.add(child);
      seen.add(node);
      joints.add({ node, end: nodes[node]!.children[0] ?? -1, ...swing });
    }
  });
  return { joints: joints.list, colliders };
}
