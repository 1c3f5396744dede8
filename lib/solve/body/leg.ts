import { BONE_INDEX } from '@/lib/pose/bones';
import { HIPS_REST_HEIGHT_M } from '@/lib/pose/canonicalBody';
import { copyQuat, mulQuat, quatFromAxisAngle } from '@/lib/pose/quat';
import { SIDES, type Side } from '../anatomy';
import { BONE_OFFSETS, between, cross, normalize, quatFromAxes, reject, turnVec, vec3 } from '../vectors';
import { BoneLength, type BoneLengths } from './boneLengths';
import { Hinge, restAxis, writeLegBone } from './hinge';

/** Largest turn of a thigh about itself from its natural position, radians. */
const UPPER_TWIST_LIMIT_RAD = (60 * Math.PI) / 180;
/** How far the line from heel to toe slopes down in T-pose, radians. */
const SOLE_RAD = Math.atan2(0.01, 0.18);

const DOWN = vec3(0, -1, 0);
const LEFT = vec3(1, 0, 0);
const FORWARD = vec3(0, 0, 1);
const upper = vec3();
const lower = vec3();
const axis = vec3();
const sole = vec3();
const left = vec3();
const up = vec3();
const tilt = new Float64Array(4);
quatFromAxisAngle(1, 0, 0, -SOLE_RAD, tilt, 0);

/** What a leg remembers: its knee's axis. */
export class LegMemory {
  readonly knee = new Hinge(UPPER_TWIST_LIMIT_RAD);

  forget(): void {
    this.knee.forget();
  }
}

function writeFoot(side: Side, points: Float64Array, world: Float64Array): void {
  normalize(between(points, side.landmark.heel, side.landmark.toe, sole), FORWARD);
  reject(sole, axis, left);
  cross(sole, left, up);
  quatFromAxes(left, up, sole, world, side.bone.foot * 4);
  mulQuat(world, side.bone.foot * 4, tilt, 0, world, side.bone.foot * 4);
}

/** Solves leg and foot of one side in the root space, from the body's `points`. Needs the hips in `world`; writes there. */
export function solveLeg(
  side: Side,
  points: Float64Array,
  lengths: BoneLengths,
  elapsedMs: number,
  memory: LegMemory,
  world: Float64Array,
): void {
  const { bone } = side;
  lengths.directLimb(points, side.leg, BoneLength.upperLeg, BoneLength.hips, upper, lower);
  normalize(upper, DOWN);
  normalize(lower, upper);
  restAxis(world, BONE_INDEX.hips * 4, DOWN, LEFT, upper, axis);
  memory.knee.solve(upper, lower, axis, elapsedMs, axis);
  writeLegBone(upper, axis, world, bone.upperLeg * 4);
  reject(lower, axis, axis);
  writeLegBone(lower, axis, world, bone.lowerLeg * 4);
  writeFoot(side, points, world);
  copyQuat(world, bone.foot * 4, world, (bone.foot + 1) * 4);
}

/** Heel and ball of a foot relative to its ankle in T-pose, metres: both touch the floor when the canonical body stands. */
const HEEL = vec3(0, -0.08, -0.04);
const BALL = vec3(0, -0.08, 0.13);

const step = vec3();

/** How far a bone's child lies below it, metres. */
function dropOf(world: Float64Array, bone: number, child: number): number {
  turnVec(world, bone * 4, BONE_OFFSETS, child * 3, step);
  return -step[1]!;
}

function footDrop(world: Float64Array, foot: number): number {
  turnVec(world, foot * 4, HEEL, 0, step);
  const heel = -step[1]!;
  turnVec(world, foot * 4, BALL, 0, step);
  return Math.max(heel, -step[1]!);
}

function legDrop(world: Float64Array, { bone }: Side): number {
  const hip = dropOf(world, BONE_INDEX.hips, bone.upperLeg);
  const knee = dropOf(world, bone.upperLeg, bone.lowerLeg);
  return hip + knee + dropOf(world, bone.lowerLeg, bone.foot) + footDrop(world, bone.foot);
}

/** How far the hips are above their rest (rule P-3) when the lower foot stands on the floor, metres. */
export function hipsLift(world: Float64Array): number {
  return Math.max(legDrop(world, SIDES[0]), legDrop(world, SIDES[1])) - HIPS_REST_HEIGHT_M;
}
