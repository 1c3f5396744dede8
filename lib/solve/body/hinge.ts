import { quatFromUnitVectors } from '@/lib/pose/quat';
import {
  cross,
  dot,
  lengthOf,
  quatFromAxes,
  reject,
  signedAngle,
  turnAbout,
  turnVec,
  type Vec3,
  vec3,
} from '../vectors';

/** Sine of the bend below which a limb is straight, so that its two bones do not show their plane. */
const STRAIGHT_SINE = 0.08;
/** Sine of the bend from which they show it fully. */
const BENT_SINE = 0.35;
/** A straight limb relaxes to its natural position at this rate, 1/s. */
const RELAX_PER_S = 1.5;
/** A limb bent backwards by less than this sine counts as straight: joints give a little, and points err. */
const BACKWARDS_SINE = 0.45;
/** Fastest turn of the plane, radians a second: 40 degrees from one picture to the next. */
const TURN_MAX_RAD_PER_S = 21;
/** The time within which the plane of a half-bent limb follows. */
const FOLLOW_MS = 25;

const normal = vec3();
const reference = vec3();

/** How far the bend shows the plane, 0 straight .. 1 bent. */
function certainty(sine: number): number {
  const share = Math.max(0, Math.min(1, (sine - STRAIGHT_SINE) / (BENT_SINE - STRAIGHT_SINE)));
  return share * share * (3 - 2 * share);
}

function wrap(angle: number): number {
  return angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI));
}

/**
 * A soft elbow or knee. Keeps the angle (radians about the upper bone) by which the plane of the bend is turned from its
 * natural position. A bent limb shows it by its two bones; a straight one does not, so the angle stays and slowly relaxes.
 * Never jumps.
 */
export class Hinge {
  private twistRad = 0;
  private isFresh = true;

  constructor(private readonly limitRad: number) {}

  forget(): void {
    this.isFresh = true;
    this.twistRad = 0;
  }

  /**
   * Writes the axis of the hinge, perpendicular to the unit vector `upper`; it turns `upper` towards `lower`, the unit
   * direction of the bone beyond. `rest` is the axis in its natural position.
   */
  solve(upper: Vec3, lower: Vec3, rest: Vec3, elapsedMs: number, out: Vec3): Vec3 {
    reject(upper, rest, reference);
    cross(upper, lower, normal);
    const sine = lengthOf(normal);
    const isAcute = dot(upper, lower) < 0 && sine > STRAIGHT_SINE;
    this.turn(isAcute ? 1 : certainty(sine), isAcute ? 1 : sine, upper, elapsedMs);
    return turnAbout(upper, reference, this.twistRad, out);
  }

  private turn(sure: number, sine: number, upper: Vec3, elapsedMs: number): void {
    const offBy = sure > 0 ? wrap(this.measure(upper) - this.twistRad) : 0;
    if (this.isFresh) this.twistRad += sure * offBy;
    else this.follow(Math.abs(offBy) > Math.PI / 2 && sine < BACKWARDS_SINE ? 0 : sure, offBy, elapsedMs);
    this.isFresh = false;
    this.twistRad = Math.max(-this.limitRad, Math.min(this.limitRad, wrap(this.twistRad)));
  }

  private follow(sure: number, offBy: number, elapsedMs: number): void {
    const share = sure >= 1 ? 1 : 1 - (1 - sure) ** (elapsedMs / FOLLOW_MS);
    const most = (TURN_MAX_RAD_PER_S * elapsedMs) / 1000;
    this.twistRad += Math.max(-most, Math.min(most, share * offBy));
    this.twistRad *= 1 - (1 - sure) * (1 - Math.exp((-RELAX_PER_S * elapsedMs) / 1000));
  }

  private measure(upper: Vec3): number {
    reject(upper, normal, normal);
    return signedAngle(reference, normal, upper);
  }
}

const tPose = vec3();
const swing = new Float64Array(4);
const second = vec3();
const third = vec3();

/**
 * The axis about which a limb naturally bends: that of the T-pose, carried along by the shortest swing that takes the limb
 * from the T-pose of its parent (rotation at `parentAt` of `world`) to `direction`. All are unit vectors in the root space.
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

/** Writes the rotation of an arm bone that runs along the unit vector `x` (root space), with its hinge's `axis` as its -Y. */
export function writeArmBone(x: Vec3, axis: Vec3, mirror: number, out: Float64Array, outAt: number): void {
  for (let k = 0; k < 3; k += 1) second[k] = -mirror * axis[k]!;
  for (let k = 0; k < 3; k += 1) third[k] = mirror * x[k]!;
  cross(third, second, tPose);
  quatFromAxes(third, second, tPose, out, outAt);
}

/** Writes the rotation of a leg bone that runs along the unit vector `down`, with its hinge's `axis` as its +X. */
export function writeLegBone(down: Vec3, axis: Vec3, out: Float64Array, outAt: number): void {
  for (let k = 0; k < 3; k += 1) second[k] = -down[k]!;
  cross(axis, second, third);
  quatFromAxes(axis, second, third, out, outAt);
}
