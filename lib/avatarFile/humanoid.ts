import { BONE_INDEX, BONES, type BoneName } from '@/lib/pose/bones';
import { AvatarFileError } from './avatarFileError';
import type { Gltf } from './gltf/gltf';
import { indexAt, type JsonObject, listAt, objectAt, textOr } from './gltf/json';

/** Eyes, which the gaze turns and the pose does not. */
const EYE_BONES = ['leftEye', 'rightEye'] as const;
type EyeBone = (typeof EYE_BONES)[number];

/** Joint names of Mixamo's and Ready Player Me's skeletons in lower case; `%` stands for the side. */
const SIDED: Readonly<Record<string, string>> = {
  '%shoulder': 'Shoulder',
  '%arm': 'UpperArm',
  '%forearm': 'LowerArm',
  '%hand': 'Hand',
  '%upleg': 'UpperLeg',
  '%leg': 'LowerLeg',
  '%foot': 'Foot',
  '%toebase': 'Toes',
  '%eye': 'Eye',
};

const CENTRAL: Readonly<Record<string, BoneName>> = {
  hips: 'hips',
  spine: 'spine',
  spine1: 'chest',
  spine2: 'upperChest',
  neck: 'neck',
  head: 'head',
};

const FINGERS: Readonly<Record<string, string>> = {
  index: 'Index',
  middle: 'Middle',
  ring: 'Ring',
  pinky: 'Little',
};
const PHALANGES = ['Proximal', 'Intermediate', 'Distal'] as const;
const THUMB = ['Metacarpal', 'Proximal', 'Distal'] as const;

function fingerName(side: string, finger: string, joint: number): string | null {
  if (finger === 'thumb') return `${side}Thumb${THUMB[joint - 1]}`;
  const name = FINGERS[finger];
  return name ? `${side}${name}${PHALANGES[joint - 1]}` : null;
}

const FINGER = /^(left|right)hand(thumb|index|middle|ring|pinky)([123])$/;
const SIDE = /^(left|right)(.+)$/;

/** A joint's name in lower case, without separators and prefixes such as `mixamorig:`, `mixamorig1:` and `mixamorig_`. */
function plainJointName(name: string): string {
  const local = name.slice(name.lastIndexOf(':') + 1).toLowerCase();
  return local.replaceAll(/[^a-z0-9]/g, '').replace(/^mixamorig\d*/, '');
}

/** The bone for a joint name of Mixamo or Ready Player Me; null for others. */
function boneOfJoint(name: string): BoneName | EyeBone | null {
  const plain = plainJointName(name);
  if (Object.hasOwn(CENTRAL, plain)) return CENTRAL[plain]!;
  const [, fingerSide, finger, joint] = FINGER.exec(plain) ?? [];
  if (fingerSide) return fingerName(fingerSide, finger!, Number(joint)) as BoneName | null;
  const [, side = '', rest = ''] = SIDE.exec(plain) ?? [];
  const bone = Object.hasOwn(SIDED, `%${rest}`) ? SIDED[`%${rest}`] : undefined;
  return bone ? (`${side}${bone}` as BoneName) : null;
}

/** The origin of a file's skeleton. */
export type AvatarKind = 'vrm0' | 'vrm1' | 'mixamo' | 'readyPlayerMe';

/** The body of a file: which node is which bone. */
export interface Humanoid {
  readonly kind: AvatarKind;
  /** Node of each bone of `BONES`, -1 if the file has none. */
  readonly boneNodes: readonly number[];
  /** Nodes of the left and the right eye, -1 if the file has none. */
  readonly eyeNodes: readonly [left: number, right: number];
}

type BoneNodes = Map<BoneName | EyeBone, number>;

/** Without these an avatar can't sit at a table. */
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

/** VRM 0.x counts a thumb's joints from the first that moves, so its names are one joint further out. */
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

/** Joints by name. Of two with the same name the first from the root counts: files hold copies elsewhere. */
function readNamed({ nodes, order }: Gltf): BoneNodes {
  const bones: BoneNodes = new Map();
  for (const node of order) {
    const bone = boneOfJoint(nodes[node]!.name);
    if (bone && !bones.has(bone)) bones.set(bone, node);
  }
  return bones;
}

/** Ready Player Me's meshes and materials have this prefix. */
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

/** Finds the body in a file. @throws AvatarFileError `skeleton` if a required bone is missing */
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
