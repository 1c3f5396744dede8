import { BONE_INDEX, BONES, type BoneName } from '@/lib/pose/bones';
import { quatFromUnitVectors } from '@/lib/pose/quat';
import { AvatarFileError } from '../avatarFileError';
import type { Gltf } from '../gltf/gltf';
import {
  composeMatrix,
  identityMatrix,
  multiplyMatrices,
  originOf,
  type Point,
  transformDirection,
  transformPoint,
} from '../gltf/matrix';
import type { Humanoid } from '../humanoid';
import type { DataNode } from './avatarData';

/** Matrices of all nodes at rest, in the file's space; null for nodes without a root. */
function restWorlds({ nodes, order }: Gltf): (Float64Array | null)[] {
  const worlds: (Float64Array | null)[] = nodes.map(() => null);
  for (const index of order) {
    const { parent, matrix } = nodes[index]!;
    worlds[index] = parent < 0 ? matrix : multiplyMatrices(worlds[parent]!, matrix);
  }
  return worlds;
}

const minus = (a: Point, b: Point): Point => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];

function cross(a: Point, b: Point): Point {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

/** The axis nearest to a direction. */
function snapped(v: Point): Point {
  const sizes = v.map(Math.abs);
  const longest = sizes.indexOf(Math.max(...sizes));
  return [0, 1, 2].map((axis) => (axis === longest ? Math.sign(v[axis]!) : 0)) as unknown as Point;
}

/** A body with a height in this range is in metres; others are in other units. */
const HEIGHT_MIN_M = 0.4;
const HEIGHT_MAX_M = 2.8;
const HEIGHT_TYPICAL_M = 1.6;
/** Height of the top of a head above its joint, as a share of the joint's height above the feet. */
const HEAD_SHARE = 0.17;

function unitScale(heightM: number): number {
  return heightM >= HEIGHT_MIN_M && heightM <= HEIGHT_MAX_M ? 1 : HEIGHT_TYPICAL_M / heightM;
}

/**
 * Takes the file's space to root space: +Y from hips to head, +X from the right leg to the left, so that the body looks
 * along +Z (VRM 0.x looks along -Z), in metres. Derived from the skeleton, whatever the file says about its axes.
 * @throws AvatarFileError `skeleton` if legs and head don't determine left and up
 */
function bodyFrame({ boneNodes }: Humanoid, worlds: readonly (Float64Array | null)[]): Float64Array {
  const at = (bone: BoneName) => originOf(worlds[boneNodes[BONE_INDEX[bone]]!]!);
  const across = minus(at('leftUpperLeg'), at('rightUpperLeg'));
  const along = minus(at('head'), at('hips'));
  const forward = cross(across, along);
  const up = snapped(cross(forward, across));
  const left = snapped(across);
  const front = cross(left, up);
  if (!(Math.hypot(...forward) > 0) || Math.hypot(...front) !== 1) throw AvatarFileError.skeleton('a standing body');
  const turn = identityMatrix();
  [left, up, front].forEach((axis, row) => {
    for (let column = 0; column < 3; column += 1) turn[column * 4 + row] = axis[column]!;
  });
  const heightOf = (bone: BoneName) => transformPoint(turn, at(bone))[1];
  const feetY = Math.min(heightOf('leftFoot'), heightOf('rightFoot'));
  const scale = unitScale((heightOf('head') - feetY) * (1 + HEAD_SHARE));
  if (!Number.isFinite(scale) || scale <= 0) throw AvatarFileError.skeleton('a head above its feet');
  for (let i = 0; i < 12; i += 1) turn[i]! *= scale;
  return turn;
}

/** The bone that a bone points to in T-pose, and the direction. */
interface Aim {
  readonly bone: number;
  readonly next: number;
  readonly direction: Point;
  /** A bone bent by less than this at rest, radians, stays as the artist made it. */
  readonly tolerance: number;
}

const LIMB_TOLERANCE = 0.12;
const FINGER_TOLERANCE = 0.3;

const DOWN: Point = [0, -1, 0];
const SIDES = [
  ['left', [1, 0, 0]],
  ['right', [-1, 0, 0]],
] as const satisfies readonly (readonly [string, Point])[];

function aim(bone: string, next: string, direction: Point, tolerance: number): Aim {
  return { bone: BONE_INDEX[bone as BoneName], next: BONE_INDEX[next as BoneName], direction, tolerance };
}

/** The bones with a direction in T-pose (rule P-5), parents first: arms and straight fingers sideways, legs down. */
const AIMS: readonly Aim[] = SIDES.flatMap(([side, outwards]) => [
  aim(`${side}UpperLeg`, `${side}LowerLeg`, DOWN, LIMB_TOLERANCE * 2),
  aim(`${side}LowerLeg`, `${side}Foot`, DOWN, LIMB_TOLERANCE * 2),
  aim(`${side}UpperArm`, `${side}LowerArm`, outwards, LIMB_TOLERANCE),
  aim(`${side}LowerArm`, `${side}Hand`, outwards, LIMB_TOLERANCE),
  aim(`${side}Hand`, `${side}MiddleProximal`, outwards, LIMB_TOLERANCE * 2),
  ...['Index', 'Middle', 'Ring', 'Little'].flatMap((finger) => [
    aim(`${side}${finger}Proximal`, `${side}${finger}Intermediate`, outwards, FINGER_TOLERANCE),
    aim(`${side}${finger}Intermediate`, `${side}${finger}Distal`, outwards, FINGER_TOLERANCE),
  ]),
]);

const AIM_OF = new Map(AIMS.map((one) => [one.bone, one]));

function angleBetween(a: Point, b: Point): number {
  return Math.acos(Math.min(1, Math.max(-1, a[0] * b[0] + a[1] * b[1] + a[2] * b[2])));
}

/** The rotation about `pivot` that turns direction `from` into `to`. */
function swingAbout(pivot: Point, from: Point, to: Point): Float64Array {
  const turn = new Float64Array(4);
  quatFromUnitVectors(Float64Array.from(from), 0, Float64Array.from(to), 0, turn, 0);
  const swing = composeMatrix([0, 0, 0], turn, [1, 1, 1]);
  const moved = transformPoint(swing, pivot);
  swing.set([pivot[0] - moved[0], pivot[1] - moved[1], pivot[2] - moved[2]], 12);
  return swing;
}

/** The rotation that straightens `bone`, whose parents `above` has moved already; null if it needs none. */
function swingOf(bone: number, places: readonly (Point | null)[], above: Float64Array): Float64Array | null {
  const wanted = AIM_OF.get(bone);
  const [from, to] = [places[bone], wanted && places[wanted.next]];
  if (!wanted || !from || !to) return null;
  const along = transformDirection(above, [to[0] - from[0], to[1] - from[1], to[2] - from[2]]);
  const length = Math.hypot(...along);
  if (!(length > 1e-6)) return null;
  const direction: Point = [along[0] / length, along[1] / length, along[2] / length];
  if (angleBetween(direction, wanted.direction) <= wanted.tolerance) return null;
  return swingAbout(transformPoint(above, from), direction, wanted.direction);
}

/**
 * For each bone of `BONES`, the matrix that takes its part of the body from the file's rest pose (such as an A-pose) to
 * T-pose, the origin of poses. `places`: joints at rest, root space; `parents`: the bone above each, parents first in
 * `order`.
 */
function straighten(
  places: readonly (Point | null)[],
  parents: readonly number[],
  order: readonly number[],
): Float64Array[] {
  const moves = BONES.map(identityMatrix);
  for (const bone of order) {
    const above = parents[bone]! < 0 ? identityMatrix() : moves[parents[bone]!]!;
    const swing = swingOf(bone, places, above);
    moves[bone] = swing ? multiplyMatrices(swing, above) : above;
  }
  return moves;
}

/** A file's skeleton brought to T-pose in root space. */
export interface RestBody {
  /** The bones, then the swinging nodes; parents first in both. */
  readonly nodes: readonly DataNode[];
  /** Node of {@link nodes} for each bone of `BONES`, -1 for none. */
  readonly boneNodes: readonly number[];
  /** For each of the file's nodes, the node of {@link nodes} that moves it; -1 for none. */
  readonly movedBy: readonly number[];
  /** For each of the file's nodes, the matrix from its own space to T-pose; null for nodes without a root. */
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

/** For each of the file's nodes, the position in `kept` of itself or of the nearest node above, -1 for none. */
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
 * Brings a file's skeleton to T-pose. `swinging`: nodes, none of them a bone, that stay nodes of their own.
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
