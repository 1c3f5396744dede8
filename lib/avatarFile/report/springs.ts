import type { Gltf } from '../gltf/gltf';
import { listAt, objectAt } from '../gltf/json';

/** All nodes that hang from `roots`, themselves included. */
function subtrees({ nodes }: Gltf, roots: ReadonlySet<number>): number[] {
  const found = new Set(roots);
  // A set is walked as it grows, and holds each node once.
  for (const node of found) for (const child of nodes[node]!.children) found.add(child);
  return [...found];
}

function vrm0Springs(gltf: Gltf): number[] {
  const secondary = objectAt(objectAt(gltf.extensions.VRM, 'VRM').secondaryAnimation, 'VRM.secondaryAnimation');
  const groups = listAt(secondary.boneGroups, 'VRM.secondaryAnimation.boneGroups');
  const reached = new Set(gltf.order);
  const roots = groups.flatMap((group) => listAt(objectAt(group, 'boneGroups').bones, 'boneGroups.bones'));
  const known = new Set(roots.filter((root): root is number => typeof root === 'number' && reached.has(root)));
  return subtrees(gltf, known);
}

function vrm1Springs(gltf: Gltf): number[] {
  const { springs } = objectAt(gltf.extensions.VRMC_springBone, 'VRMC_springBone');
  const joints = listAt(springs, 'VRMC_springBone.springs').flatMap((spring) =>
    listAt(objectAt(spring, 'springs').joints, 'springs.joints').map((joint) => objectAt(joint, 'springs.joints').node),
  );
  return joints.filter((node): node is number => typeof node === 'number' && node in gltf.nodes);
}

/** Joints that swing by themselves. @throws AvatarFileError `json` */
export function countSpringJoints(gltf: Gltf): number {
  return new Set([...vrm0Springs(gltf), ...vrm1Springs(gltf)]).size;
}
