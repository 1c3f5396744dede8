import { BONE_INDEX, type BoneName } from '@/lib/pose/bones';
import { AvatarFileError } from '../avatarFileError';
import type { Gltf } from '../gltf/gltf';
import { identityMatrix, multiplyMatrices, originOf, type Point, transformPoint } from '../gltf/matrix';
import type { Humanoid } from '../humanoid/humanoid';

/** Matrices of all nodes at rest, the file's space; null for nodes that hang from nothing. */
export function restWorlds({ nodes, order }: Gltf): (Float64Array | null)[] {
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

/** A body of a height in this range is taken as it is; others are in other units than metres. */
const HEIGHT_MIN_M = 0.4;
const HEIGHT_MAX_M = 2.8;
const HEIGHT_TYPICAL_M = 1.6;
/** The top of a head over its joint, in shares of the joint's height over the feet. */
const HEAD_SHARE = 0.17;

function unitScale(heightM: number): number {
  return heightM >= HEIGHT_MIN_M && heightM <= HEIGHT_MAX_M ? 1 : HEIGHT_TYPICAL_M / heightM;
}

/**
 * Takes the file's space to root space: +Y from hips to head, +X from the right leg to the left, so that the body looks
 * along +Z (VRM 0.x looks along -Z), in metres. Read from the skeleton, whatever the file says about its axes.
 * @throws AvatarFileError `skeleton` where legs and head don't say where left and up are
 */
export function bodyFrame({ boneNodes }: Humanoid, worlds: readonly (Float64Array | null)[]): Float64Array {
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
