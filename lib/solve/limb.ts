import { quatFromUnitVectors } from '@/lib/pose/quat';
import { turnVec } from './turns';
import { cross, quatFromAxes, type Vec3, vec3 } from './vec3';

const tPose = vec3();
const swing = new Float64Array(4);
const second = vec3();
const third = vec3();

/**
 * The axis about which a limb bends by itself: that of the T-pose, carried along by the shortest swing that takes the limb
 * from the T-pose of its parent (rotation at `parentAt` of `world`) to `direction`. All unit vectors, root space.
 */
export function restAxis(
  world: Float64Array,
  parentAt: number,
  tPoseDirection: Vec3,
  tPoseAxis: Vec3,
  direction: Vec3,
  out: Vec3,
): Vec3 {
  turnVec(world, parentAt, tPoseDirection, 0, tPose);
  quatFromUnitVectors(tPose, 0, direction, 0, swing, 0);
  turnVec(world, parentAt, tPoseAxis, 0, out);
  return turnVec(swing, 0, out, 0, out);
}

/** Writes the rotation of an arm's bone that runs along the unit `x` (root space), its hinge's axis `axis` being its -Y. */
export function writeArmBone(x: Vec3, axis: Vec3, mirror: number, out: Float64Array, outAt: number): void {
  for (let k = 0; k < 3; k += 1) second[k] = -mirror * axis[k]!;
  for (let k = 0; k < 3; k += 1) third[k] = mirror * x[k]!;
  cross(third, second, tPose);
  quatFromAxes(third, second, tPose, out, outAt);
}

/** Writes the rotation of a leg's bone that runs along the unit `down`, its hinge's axis `axis` being its +X. */
export function writeLegBone(down: Vec3, axis: Vec3, out: Float64Array, outAt: number): void {
  for (let k = 0; k < 3; k += 1) second[k] = -down[k]!;
  cross(axis, second, third);
  quatFromAxes(axis, second, third, out, outAt);
}
