import { BONE_INDEX, BONES, type BoneName } from '@/lib/pose/bones';
import { AvatarFileError } from '../avatarFileError';
import type { Gltf } from '../gltf/gltf';
import { indexAt, type JsonObject, listAt, objectAt, textOr } from '../gltf/json';
import { boneOfJoint, EYE_BONES, type EyeBone } from './boneNames';

/** Where a file's skeleton comes from. */
export type AvatarKind = 'vrm0' | 'vrm1' | 'mixamo' | 'readyPlayerMe';

/** A file's body: which node is which bone. */
export interface Humanoid {
  readonly kind: AvatarKind;
  /** Node of each bone of `BONES`, -1 where the file has none. */
  readonly boneNodes: readonly number[];
  /** Nodes of the left and the right eye, -1 where the file has none. */
  readonly eyeNodes: readonly [left: number, right: number];
}

type BoneNodes = Map<BoneName | EyeBone, number>;

/** Without these nobody could sit at a table. */
const NEEDED: readonly BoneName[] = [
  'hips',
  'spine',
  'head',
  ...(['left', 'right'] as const).flatMap((side) =>
    (['UpperArm', 'LowerArm', 'Hand', 'UpperLeg', 'LowerLeg', 'Foot'] as const).map(
      (part) => `${side}${part}` as BoneName,
    ),
  ),
];

/** VRM 0.x counts a thumb's joints from the first that moves: its names lie one joint further out. */
const VRM0_THUMBS: Readonly<Record<string, string>> = {
  ThumbProximal: 'ThumbMetacarpal',
  ThumbIntermediate: 'ThumbProximal',
};

function vrm0Bone(name: string): string {
  const [, side = '', rest = ''] = /^(left|right)(Thumb.+)$/.exec(name) ?? [];
  return VRM0_THUMBS[rest] ? side + VRM0_THUMBS[rest] : name;
}

function isBone(name: string): name is BoneName | EyeBone {
  return Object.hasOwn(BONE_INDEX, name) || (EYE_BONES as readonly string[]).includes(name);
}

function readVrm0(vrm: JsonObject, nodes: number): BoneNodes {
  const bones: BoneNodes = new Map();
  for (const entry of listAt(objectAt(vrm.humanoid, 'VRM.humanoid').humanBones, 'VRM.humanoid.humanBones')) {
    const { bone, node } = objectAt(entry, 'VRM.humanoid.humanBones');
    const name = vrm0Bone(textOr(bone));
    if (isBone(name) && node !== -1) bones.set(name, indexAt(node, `VRM.humanoid.${name}`, nodes));
  }
  return bones;
}

function readVrm1(vrm: JsonObject, nodes: number): BoneNodes {
  const bones: BoneNodes = new Map();
  const named = objectAt(objectAt(vrm.humanoid, 'VRMC_vrm.humanoid').humanBones, 'VRMC_vrm.humanoid.humanBones');
  for (const [name, entry] of Object.entries(named)) {
    const where = `VRMC_vrm.humanoid.${textOr(name)}`;
    if (isBone(name)) bones.set(name, indexAt(objectAt(entry, where).node, where, nodes));
  }
  return bones;
}

/** Joints by name. Of two with the same name the first above counts: copies hang in other parts of the file. */
function readNamed({ nodes, order }: Gltf): BoneNodes {
  const bones: BoneNodes = new Map();
  for (const node of order) {
    const bone = boneOfJoint(nodes[node]!.name);
    if (bone && !bones.has(bone)) bones.set(bone, node);
  }
  return bones;
}

/** Ready Player Me names its meshes and materials so. */
function isReadyPlayerMe({ nodes, materials }: Gltf): boolean {
  return [...nodes, ...materials].some(({ name }) => name.startsWith('Wolf3D'));
}

function readBones(gltf: Gltf): { kind: AvatarKind; bones: BoneNodes } {
  const { VRM, VRMC_vrm } = gltf.extensions;
  const nodes = gltf.nodes.length;
  if (VRMC_vrm !== undefined) return { kind: 'vrm1', bones: readVrm1(objectAt(VRMC_vrm, 'VRMC_vrm'), nodes) };
  if (VRM !== undefined) return { kind: 'vrm0', bones: readVrm0(objectAt(VRM, 'VRM'), nodes) };
  return { kind: isReadyPlayerMe(gltf) ? 'readyPlayerMe' : 'mixamo', bones: readNamed(gltf) };
}

/** Finds a file's body. @throws AvatarFileError `skeleton` where a bone is missing that everybody needs */
export function readHumanoid(gltf: Gltf): Humanoid {
  const { kind, bones } = readBones(gltf);
  const reached = new Set(gltf.order);
  const nodeOf = (bone: BoneName | EyeBone) => {
    const node = bones.get(bone) ?? -1;
    return reached.has(node) ? node : -1;
  };
  const missing = NEEDED.find((bone) => nodeOf(bone) < 0);
  if (missing) throw AvatarFileError.skeleton(missing);
  return { kind, boneNodes: BONES.map(nodeOf), eyeNodes: [nodeOf('leftEye'), nodeOf('rightEye')] };
}
