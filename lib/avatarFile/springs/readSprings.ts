import type { Gltf } from '../gltf/gltf';
import type { Humanoid } from '../humanoid/humanoid';
import type { FileSprings } from './fileSprings';
import { readVrm0Springs } from './vrm0Springs';
import { readVrm1Springs } from './vrm1Springs';

/**
 * Reads what swings of a file of either version; bones of the body are left to the pose. What names nodes, colliders or
 * groups that aren't there doesn't swing; what isn't even of the right kind refuses the file. @throws AvatarFileError
 */
export function readSprings(gltf: Gltf, { kind, boneNodes }: Humanoid): FileSprings {
  const reached = new Set(gltf.order);
  const bones = new Set(boneNodes);
  const isFree = (node: number) => reached.has(node) && !bones.has(node);
  return kind === 'vrm0' ? readVrm0Springs(gltf, isFree) : readVrm1Springs(gltf, isFree);
}
