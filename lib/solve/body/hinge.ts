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

/** Sine of the bend below which a limb is straight and its two bones say nothing about their plane. */
const STRAIGHT_SINE = 0.08;
/** Sine of the bend from which they say all of it. */
const BENT_SINE = 0.35;
/** A straight limb comes back to how it lies by itself at this rate, 1/s. */
const RELAX_PER_S = 1.5;
/** A limb that seems bent backwards by less than this sine is straight: joints give a little, and points err. */
const BACKWARDS_SINE = 0.45;
/** The plane turns no faster than this, radians a second: 40 degrees from a picture to the next. */
const TURN_MAX_RAD_PER_S = 21;
/** The plane follows at most at this share within this time where the limb is half bent. */
const FOLLOW_MS = 25;

const normal = vec3();
const reference = vec3();

/** How far the bend tells the plane, 0 straight .. 1 bent. */
function certainty(sine: number): number {
  const share = Math.max(0, Math.min(1, (sine - STRAIGHT_SINE) / (BENT_SINE - STRAIGHT_SINE)));
  return share * share * (3 - 2 * share);
}

function wrap(angle: number): number {
  return angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI));
}

/**
 * A soft elbow or knee. Keeps by which angle (radians about the upper bone) the plane of the bend is turned from where it
 * lies by itself: bent, the two bones tell it; straight, they can't, so it stays and slowly relaxes. Never jumps.
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
   * Writes the axis of the hinge at right angles to the unit vector `upper`. `rest` is the axis as it lies by itself,
   * `lower` the unit direction of the bone beyond; the axis turns `upper` towards `lower`.
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
    const way = sure > 0 ? wrap(this.measure(upper) - this.twistRad) : 0;
    if (this.isFresh) this.twistRad += sure * way;
    else this.follow(Math.abs(way) > Math.PI / 2 && sine < BACKWARDS_SINE ? 0 : sure, way, elapsedMs);
    this.isFresh = false;
    this.twistRad = Math.max(-this.limitRad, Math.min(this.limitRad, wrap(this.twistRad)));
  }

  private follow(sure: number, way: number, elapsedMs: number): void {
    const share = sure >= 1 ? 1 : 1 - (1 - sure) ** (elapsedMs / FOLLOW_MS);
    const most = (TURN_MAX_RAD_PER_S * elapsedMs) / 1000;
    this.twistRad += Math.max(-most, Math.min(most, share * way));
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
