import type { Object3D } from 'three';
import type { GLTF } from 'three/addons/loaders/GLTFLoader.js';
import { BONES, type BoneName } from '@/lib/pose/bones';

/** Which nodes of a VRM are its bones. */
export interface VrmHumanoid {
  readonly version: '0' | '1';
  readonly bones: ReadonlyMap<BoneName, Object3D>;
}

/** Thumbs of VRM 0.x by their names of VRM 1.0, which starts them a joint lower. */
const THUMBS_OF_0: Readonly<Record<string, string>> = {
  leftThumbProximal: 'leftThumbMetacarpal',
  leftThumbIntermediate: 'leftThumbProximal',
  rightThumbProximal: 'rightThumbMetacarpal',
  rightThumbIntermediate: 'rightThumbProximal',
};

const NAMES: ReadonlySet<string> = new Set(BONES);

function isBoneName(name: unknown): name is BoneName {
  return typeof name === 'string' && NAMES.has(name);
}

type Json = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

/** Pairs of a bone's name and its node's index, as `humanoid.humanBones` of either version has them. */
function namedNodes(version: VrmHumanoid['version'], humanBones: unknown): Array<[name: unknown, node: unknown]> {
  if (version === '1') return Object.entries(fieldsOf(humanBones)).map(([name, bone]) => [name, fieldsOf(bone).node]);
  const list = Array.isArray(humanBones) ? humanBones.map(fieldsOf) : [];
  return list.map(({ bone, node }) => [typeof bone === 'string' ? (THUMBS_OF_0[bone] ?? bone) : bone, node]);
}

/**
 * The bones of a parsed VRM by the extensions `VRMC_vrm` (1.0) or `VRM` (0.x); null where the file has neither. Names that
 * are no bones and nodes that don't exist are left out. three-vrm would read them too, and with them make rigs and managers
 * that the flat rig throws away.
 */
export async function vrmHumanoidOf({ parser }: GLTF): Promise<VrmHumanoid | null> {
  const json = fieldsOf(parser.json);
  const { VRMC_vrm: newer, VRM: older } = fieldsOf(json.extensions);
  const extension = newer ?? older;
  if (!extension) return null;
  const version = newer ? '1' : '0';
  const nodeCount = Array.isArray(json.nodes) ? json.nodes.length : 0;
  const bones = new Map<BoneName, Object3D>();
  for (const [name, node] of namedNodes(version, fieldsOf(fieldsOf(extension).humanoid).humanBones)) {
    if (!isBoneName(name) || !Number.isInteger(node) || (node as number) < 0 || (node as number) >= nodeCount) continue;
    bones.set(name, await parser.getDependency('node', node as number));
  }
  return { version, bones };
}
