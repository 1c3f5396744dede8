import { BONE_INDEX } from '@/lib/pose/bones';
import { SIDES } from './side';
import { BONE_OFFSETS, turnVec } from './turns';
import { addScaled, type Vec3, vec3 } from './vec3';

const { hips, spine, chest, upperChest } = BONE_INDEX;
/** Of both sides each counts by half: what is looked for is their middle. */
const HALF = 0.5;

const step = vec3();

function add(world: Float64Array, parent: number, child: number, share: number, out: Vec3): void {
  turnVec(world, parent * 4, BONE_OFFSETS, child * 3, step);
  addScaled(out, share, step, out);
}

/** From the middle of the hip joints to that of the shoulder joints of the canonical body, metres, root space. */
export function shoulderReach(world: Float64Array, out: Vec3): Vec3 {
  out.fill(0);
  add(world, hips, spine, 1, out);
  add(world, spine, chest, 1, out);
  add(world, chest, upperChest, 1, out);
  for (const { bone } of SIDES) {
    add(world, hips, bone.upperLeg, -HALF, out);
    add(world, upperChest, bone.shoulder, HALF, out);
    add(world, bone.shoulder, bone.upperArm, HALF, out);
  }
  return out;
}
