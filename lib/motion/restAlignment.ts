import { BONE_INDEX, type BoneName } from '@/lib/pose/bones';
import { conjugateQuat, mulQuat, quatFromUnitVectors, rotateVector, setNormalizedQuat } from '@/lib/pose/quat';
import { type BvhClip, BvhError } from './bvhClip';
import { type BvhPose, createBvhPose, solveBvhFrame, solveBvhRest } from './bvhPose';
import type { SkeletonMap } from './bvhSkeleton';

type Vector = [x: number, y: number, z: number];

const UP: Vector = [0, 1, 0];
const DOWN: Vector = [0, -1, 0];
const LEFT: Vector = [1, 0, 0];
const RIGHT: Vector = [-1, 0, 0];
const THUMB_LEFT: Vector = [Math.SQRT1_2, 0, Math.SQRT1_2];
const THUMB_RIGHT: Vector = [-Math.SQRT1_2, 0, Math.SQRT1_2];

/** Direction of a bone towards its child in T-pose (rule P-5); null if the rest orientation is kept as it is. */
function restDirection(bone: BoneName): Vector | null {
  if (/^(spine|chest|upperChest|neck)$/.test(bone)) return UP;
  if (/Leg$/.test(bone)) return DOWN;
  if (/Thumb/.test(bone)) return bone.startsWith('left') ? THUMB_LEFT : THUMB_RIGHT;
  if (/Shoulder|Arm$|Index|Middle|Ring|Little/.test(bone)) return bone.startsWith('left') ? LEFT : RIGHT;
  return null;
}

/** The bones that may follow a bone, nearest first: its direction points to the first that the clip has. */
const CHILDREN: Partial<Record<BoneName, readonly BoneName[]>> = {
  spine: ['chest', 'upperChest', 'neck', 'head'],
  chest: ['upperChest', 'neck', 'head'],
  upperChest: ['neck', 'head'],
  neck: ['head'],
};

const NEXT: Readonly<Record<string, string>> = {
  Shoulder: 'UpperArm',
  UpperArm: 'LowerArm',
  LowerArm: 'Hand',
  UpperLeg: 'LowerLeg',
  LowerLeg: 'Foot',
  ThumbMetacarpal: 'ThumbProximal',
  ThumbProximal: 'ThumbDistal',
  Proximal: 'Intermediate',
  Intermediate: 'Distal',
};

function nextBone(bone: BoneName): BoneName | null {
  const [, side = '', rest = ''] = /^(left|right)(.*)$/.exec(bone) ?? [];
  const [, finger = '', joint = ''] = /^(Index|Middle|Ring|Little)?(.*)$/.exec(rest) ?? [];
  const next = NEXT[joint];
  return next ? (`${side}${finger}${next}` as BoneName) : null;
}

function childOf(bone: BoneName, map: SkeletonMap): number | undefined {
  const candidates = CHILDREN[bone] ?? [nextBone(bone)];
  return candidates.map((name) => (name ? map.get(name) : undefined)).find((joint) => joint !== undefined);
}

function difference(rest: BvhPose, from: number, to: number): Vector {
  const at = (joint: number, k: number) => rest.positions[joint * 3 + k]!;
  return [at(to, 0) - at(from, 0), at(to, 1) - at(from, 1), at(to, 2) - at(from, 2)];
}

function unit(v: Vector): Vector | null {
  const length = Math.hypot(...v);
  return length > 1e-9 && Number.isFinite(length) ? [v[0] / length, v[1] / length, v[2] / length] : null;
}

function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

/** The axis of the file that is nearest to `v`. */
function snap(v: Vector): Vector {
  const size = v.map(Math.abs);
  const axis = size.indexOf(Math.max(...size));
  return [0, 1, 2].map((k) => (k === axis ? Math.sign(v[k]!) : 0)) as Vector;
}

function quatFromBasis(x: Vector, y: Vector, z: Vector, out: Float64Array): void {
  // The four candidates of Shepperd's method; the largest is the best conditioned.
  const squares = [
    1 + x[0] - y[1] - z[2],
    1 - x[0] + y[1] - z[2],
    1 - x[0] - y[1] + z[2],
    1 + x[0] + y[1] + z[2],
  ] as const;
  const best = squares.indexOf(Math.max(...squares));
  if (best === 0) setNormalizedQuat(squares[0], x[1] + y[0], z[0] + x[2], y[2] - z[1], out, 0);
  else if (best === 1) setNormalizedQuat(x[1] + y[0], squares[1], y[2] + z[1], z[0] - x[2], out, 0);
  else if (best === 2) setNormalizedQuat(z[0] + x[2], y[2] + z[1], squares[2], x[1] - y[0], out, 0);
  else setNormalizedQuat(y[2] - z[1], z[0] - x[2], x[1] - y[0], squares[3], out, 0);
}

/** From Parley's root space to the file's axes, derived from where the left hip and the head, and so the face, are at rest. */
function fileAxes(clip: BvhClip, rest: BvhPose, map: SkeletonMap): Float64Array {
  const hips = map.get('hips')!;
  const across = unit(difference(rest, map.get('rightUpperLeg')!, map.get('leftUpperLeg')!));
  const along = unit(difference(rest, hips, map.get('head')!));
  const forward = across && along && unit(cross(across, along));
  if (!across || !forward) {
    const detail = 'the legs and the head have no OFFSET, so left and up are unknown.';
    throw new BvhError('skeleton', clip.joints[hips]!.line, detail);
  }
  const axes = new Float64Array(4);
  const left = snap(across);
  const up = snap(cross(forward, across));
  const front = unit(cross(left, up));
  if (front) quatFromBasis(left, up, front, axes);
  else quatFromBasis(across, cross(forward, across), forward, axes);
  return axes;
}

/** How a clip's rest pose relates to the T-pose. */
export interface RestAlignment {
  /** Takes the file's axes to Parley's root space: x y z w. */
  readonly toRoot: Float64Array;
  /** Bones that the clip moves, parents first: index in `BONES`, joint, and the turn from T-pose to rest pose. */
  readonly bones: ReadonlyArray<{ readonly bone: number; readonly joint: number; readonly align: Float64Array }>;
}

function alignmentOf(bone: BoneName, joint: number, rest: BvhPose, map: SkeletonMap, axes: Float64Array): Float64Array {
  const align = Float64Array.from(axes);
  const child = childOf(bone, map);
  const direction = restDirection(bone);
  const actual = child === undefined ? null : unit(difference(rest, joint, child));
  if (!direction || !actual) return align;
  const swing = new Float64Array(4);
  const expected = new Float64Array(3);
  rotateVector(axes, 0, direction, 0, expected, 0);
  quatFromUnitVectors(expected, 0, actual, 0, swing, 0);
  mulQuat(swing, 0, axes, 0, align, 0);
  return align;
}

/**
 * Measures how the rest pose of a clip relates to the T-pose: its axes, and the swing of each limb's direction. A file at rest
 * has no rotations, so a bone's global rotation in a frame is `toRoot` x the joint's x `align`.
 * @throws BvhError (`skeleton`) if the rest pose has no extent.
 */
export function alignRest(clip: BvhClip, map: SkeletonMap): RestAlignment {
  const rest = solveBvhRest(clip, createBvhPose(clip.joints.length));
  const axes = fileAxes(clip, rest, map);
  const toRoot = new Float64Array(4);
  conjugateQuat(axes, 0, toRoot, 0);
  const bones = [...map]
    .map(([bone, joint]) => ({ bone: BONE_INDEX[bone], joint, align: alignmentOf(bone, joint, rest, map, axes) }))
    .sort((a, b) => a.bone - b.bone);
  return { toRoot, bones };
}

/** Most frames sampled for the floor; more would not find a lower one. */
const FLOOR_SAMPLES_MAX = 400;
/** Share of those frames that may lie below the floor: feet that sink in, glitches. */
const FLOOR_PERCENTILE = 0.05;

/** Heights of a clip's body, in the file's unit along Parley's up. */
export interface ClipGround {
  readonly floorHeight: number;
  /** Height of the hips above the soles in the rest pose. */
  readonly hipsRestHeight: number;
}

const point = new Float64Array(3);

function heightOf(pose: BvhPose, joint: number, alignment: RestAlignment): number {
  rotateVector(alignment.toRoot, 0, pose.positions, joint * 3, point, 0);
  return point[1]!;
}

function endHeight(clip: BvhClip, pose: BvhPose, joint: number, alignment: RestAlignment): number {
  const end = clip.joints[joint]!.end;
  if (!end) return Number.POSITIVE_INFINITY;
  point.set(end);
  rotateVector(pose.rotations, joint * 4, point, 0, point, 0);
  rotateVector(alignment.toRoot, 0, point, 0, point, 0);
  return point[1]! + heightOf(pose, joint, alignment);
}

function soleHeight(clip: BvhClip, pose: BvhPose, footJoints: readonly number[], alignment: RestAlignment): number {
  let lowest = Number.POSITIVE_INFINITY;
  for (const joint of footJoints) {
    const end = endHeight(clip, pose, joint, alignment);
    lowest = Math.min(lowest, heightOf(pose, joint, alignment), end);
  }
  return lowest;
}

function footJointsOf(map: SkeletonMap): number[] {
  return (['leftFoot', 'leftToes', 'rightFoot', 'rightToes'] as const).flatMap((bone) => map.get(bone) ?? []);
}

/** Finds the floor under a clip's feet, and the height of its hips. @throws BvhError if the legs have no length. */
export function measureGround(clip: BvhClip, map: SkeletonMap, alignment: RestAlignment): ClipGround {
  const feet = footJointsOf(map);
  const hips = map.get('hips')!;
  const pose = solveBvhRest(clip, createBvhPose(clip.joints.length));
  const hipsRestHeight = heightOf(pose, hips, alignment) - soleHeight(clip, pose, feet, alignment);
  if (!(hipsRestHeight > 1e-6)) {
    throw new BvhError('skeleton', clip.joints[hips]!.line, 'the feet are not below the hips in the rest pose.');
  }
  const step = Math.max(1, Math.floor(clip.frameCount / FLOOR_SAMPLES_MAX));
  const soles: number[] = [];
  for (let frame = 0; frame < clip.frameCount; frame += step) {
    soles.push(soleHeight(clip, solveBvhFrame(clip, frame, pose), feet, alignment));
  }
  soles.sort((a, b) => a - b);
  return { floorHeight: soles[Math.floor(soles.length * FLOOR_PERCENTILE)]!, hipsRestHeight };
}
