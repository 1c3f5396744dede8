import { BONE_INDEX, BONES, type BoneName } from '@/lib/pose/bones';
import { quatFromUnitVectors } from '@/lib/pose/quat';
import {
  composeMatrix,
  identityMatrix,
  multiplyMatrices,
  type Point,
  transformDirection,
  transformPoint,
} from '../gltf/matrix';

/** The bone that a bone points to in T-pose, and where to. */
interface Aim {
  readonly bone: number;
  readonly next: number;
  readonly direction: Point;
  /** Bent by less than this at rest, radians, it is left as the artist made it. */
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

/** What has a direction in T-pose (rule P-5), parents first: arms and straight fingers sideways, legs down. */
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

/** What turns direction `from` into `to` about `pivot`. */
function swingAbout(pivot: Point, from: Point, to: Point): Float64Array {
  const turn = new Float64Array(4);
  quatFromUnitVectors(Float64Array.from(from), 0, Float64Array.from(to), 0, turn, 0);
  const swing = composeMatrix([0, 0, 0], turn, [1, 1, 1]);
  const moved = transformPoint(swing, pivot);
  swing.set([pivot[0] - moved[0], pivot[1] - moved[1], pivot[2] - moved[2]], 12);
  return swing;
}

/** What straightens `bone`, whose parents have been moved by `above` already; null where it lies well. */
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
 * For each bone of `BONES` what takes its part of the body from the file's rest pose (an A-pose, say) to T-pose, from
 * which poses count. `places`: joints at rest, root space; `parents`: the bone above each, parents first in `order`.
 */
export function straighten(
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
