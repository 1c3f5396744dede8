import { BONE_INDEX } from '@/lib/pose/bones';
import { mulQuat } from '@/lib/pose/quat';
import type { Side } from './side';
import { turnVecBack, writeLiftAndYaw } from './turns';
import { between, normalize, vec3 } from './vec3';

/**
 * Shoulders go along with their arms (the scapulohumeral rhythm): lifted by so much with an arm straight up, lowered by as
 * much with one that hangs, level in T-pose. Recorded skeletons let them hang by 10 to 13 degrees.
 */
const LIFT_RAD = (12 * Math.PI) / 180;
/** They lie in front of where the T-pose has them: by 2 to 9 degrees in recordings. */
const FORWARD_RAD = (5 * Math.PI) / 180;

const T_POSE = vec3(1, 0, 0);
const arm = vec3();
const turn = new Float64Array(4);

/** Turns a shoulder (root space) on the chest as its arm lies. Needs the upper chest in `world`; writes there. */
export function solveShoulder(side: Side, points: Float64Array, world: Float64Array): void {
  const { mirror, bone, landmark } = side;
  const chest = BONE_INDEX.upperChest * 4;
  normalize(between(points, landmark.shoulder, landmark.elbow, arm), T_POSE);
  turnVecBack(world, chest, arm, arm);
  writeLiftAndYaw(mirror * LIFT_RAD * arm[1]!, -mirror * FORWARD_RAD, turn);
  mulQuat(world, chest, turn, 0, world, bone.shoulder * 4);
}
