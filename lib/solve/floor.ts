import { BONE_INDEX } from '@/lib/pose/bones';
import { HIPS_REST_HEIGHT_M } from '@/lib/pose/canonicalBody';
import { SIDES, type Side } from './side';
import { BONE_OFFSETS, turnVec } from './turns';
import { vec3 } from './vec3';

/** Heel and ball of a foot from its ankle in T-pose, metres: both touch the floor while the canonical body stands. */
const HEEL = vec3(0, -0.08, -0.04);
const BALL = vec3(0, -0.08, 0.13);

const step = vec3();

/** How far a bone's child is below it, metres. */
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

/** How far the hips are above where they rest (rule P-3) if the lower foot stands on the floor, metres. */
export function hipsLift(world: Float64Array): number {
  return Math.max(legDrop(world, SIDES[0]), legDrop(world, SIDES[1])) - HIPS_REST_HEIGHT_M;
}
