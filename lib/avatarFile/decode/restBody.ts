import { BONES } from '@/lib/pose/bones';
import type { Gltf } from '../gltf/gltf';
import { multiplyMatrices, originOf, type Point, transformPoint } from '../gltf/matrix';
import type { Humanoid } from '../humanoid/humanoid';
import type { DataNode } from './avatarData';
import { bodyFrame, restWorlds } from './bodyFrame';
import { straighten } from './tPose';

/** A file's skeleton brought to T-pose in root space. */
export interface RestBody {
  /** The bones, then what swings; parents first in both. */
  readonly nodes: readonly DataNode[];
  /** Node of {@link nodes} for each bone of `BONES`, -1 where there is none. */
  readonly boneNodes: readonly number[];
  /** For each of the file's nodes, the node of {@link nodes} that moves it; -1 for none. */
  readonly movedBy: readonly number[];
  /** For each of the file's nodes, what takes its own space to T-pose; null for nodes that hang from nothing. */
  readonly placements: readonly (Float64Array | null)[];
  /** Takes the file's space to root space: turned and in metres. */
  readonly frame: Float64Array;
}

/** The bone at or above each of the file's nodes, -1 for none. */
function boneAbove({ nodes, order }: Gltf, boneNodes: readonly number[]): number[] {
  const above = nodes.map(() => -1);
  for (const node of order) {
    const own = boneNodes.indexOf(node);
    const { parent } = nodes[node]!;
    above[node] = own >= 0 || parent < 0 ? own : above[parent]!;
  }
  return above;
}

function distinct(boneNodes: readonly number[]): number[] {
  return boneNodes.map((node, bone) => (boneNodes.indexOf(node) === bone ? node : -1));
}

/** For each of the file's nodes the place in `kept` of itself or of the nearest above, -1 for none. */
function keptAbove({ nodes, order }: Gltf, kept: readonly number[]): number[] {
  const placeOf = new Map(kept.map((node, place) => [node, place]));
  const above = nodes.map(() => -1);
  for (const node of order) {
    const { parent } = nodes[node]!;
    above[node] = placeOf.get(node) ?? (parent < 0 ? -1 : above[parent]!);
  }
  return above;
}

/**
 * Brings a file's skeleton to T-pose. `swinging`: nodes that stay nodes of their own beside the bones; none of them is one.
 * @throws AvatarFileError `skeleton`
 */
export function restBody(gltf: Gltf, humanoid: Humanoid, swinging: ReadonlySet<number>): RestBody {
  const worlds = restWorlds(gltf);
  const frame = bodyFrame(humanoid, worlds);
  const boneNodes = distinct(humanoid.boneNodes);
  const above = boneAbove(gltf, boneNodes);
  const boneOrder = gltf.order.flatMap((node) => (boneNodes.includes(node) ? [boneNodes.indexOf(node)] : []));
  const framed = worlds.map((world) => world && multiplyMatrices(frame, world));
  const places = boneNodes.map((node): Point | null => (node < 0 ? null : originOf(framed[node]!)));
  const parents = boneNodes.map((node) => {
    const parent = node < 0 ? -1 : gltf.nodes[node]!.parent;
    return parent < 0 ? -1 : above[parent]!;
  });
  const moves = straighten(places, parents, boneOrder);
  const placements = framed.map((world, node) => {
    const bone = above[node]!;
    return world && (bone < 0 ? world : multiplyMatrices(moves[bone]!, world));
  });
  const placeInList = new Map(boneOrder.map((bone, index) => [bone, index]));
  const swingingOrder = gltf.order.filter((node) => swinging.has(node));
  const movedBy = keptAbove(gltf, [...boneOrder.map((bone) => boneNodes[bone]!), ...swingingOrder]);
  const boneList = boneOrder.map((bone) => ({
    name: BONES[bone]!,
    parent: placeInList.get(parents[bone]!) ?? -1,
    place: transformPoint(moves[bone]!, places[bone]!),
  }));
  const swingingList = swingingOrder.map((node) => {
    const { name, parent } = gltf.nodes[node]!;
    return { name, parent: Math.max(0, movedBy[parent] ?? 0), place: originOf(placements[node]!) };
  });
  const boneNodesInList = BONES.map((_, bone) => placeInList.get(bone) ?? -1);
  return { nodes: [...boneList, ...swingingList], boneNodes: boneNodesInList, movedBy, placements, frame };
}
