import {
  identityQuat,
  mulConjugateQuat,
  mulQuat,
  quatFromAxisAngle,
  quatFromUnitVectors,
  slerpQuat,
} from '@/lib/pose/quat';
import type { Side } from '../anatomy';
import { normalize, reject, signedAngle, turnAbout, turnVec, vec3 } from '../vectors';
import { BoneLength, type BoneLengths } from './boneLengths';
import { handAxis, solvePalm } from './hand';
import { Hinge, restAxis, writeArmBone } from './hinge';

/** How far a forearm turns from thumb-forward to either side, radians: palm up to palm down is about 170 degrees. */
const LIMIT_RAD = (88 * Math.PI) / 180;
/** A hand at half a turn may be read as turned either way; it changes sides only beyond this. */
const STICK_RAD = (40 * Math.PI) / 180;
/** A hand out of sight returns to thumb-forward at this rate, 1/s. */
const RELAX_PER_S = 2;

/** Turn of a forearm about its axis, within what arms can do. */
class ForearmTwist {
  private twistRad = 0;

  get rad(): number {
    return this.twistRad;
  }

  forget(): void {
    this.twistRad = 0;
  }

  /** Takes the angle (-pi .. pi) by which the hand is turned about the forearm, and moves there by `share` (0..1). */
  follow(measuredRad: number, share: number): void {
    // Just beyond half a turn, the limit that it was at is still the nearer one.
    const isOpposite = measuredRad * this.twistRad < 0;
    const isNearBack = Math.PI - Math.abs(measuredRad) < STICK_RAD;
    const unwrapped = isOpposite && isNearBack ? measuredRad - Math.sign(measuredRad) * 2 * Math.PI : measuredRad;
    const wanted = Math.max(-LIMIT_RAD, Math.min(LIMIT_RAD, unwrapped));
    this.twistRad += share * (wanted - this.twistRad);
  }

  relax(elapsedMs: number): void {
    this.twistRad *= Math.exp((-RELAX_PER_S * elapsedMs) / 1000);
  }
}

/** Largest turn of an upper arm about itself from its natural position, radians. */
const UPPER_TWIST_LIMIT_RAD = (150 * Math.PI) / 180;
/** Share of a hand's turn that the forearm shows; the rest is in the wrist. */
const FOREARM_SHARE = 0.7;
/** A hand that is not read lies in line with its forearm; it moves there, and back, within about this time. */
const HAND_EASE_MS = 200;

const T_POSE = { 1: vec3(1, 0, 0), [-1]: vec3(-1, 0, 0) } as const;
const T_AXIS = { 1: vec3(0, -1, 0), [-1]: vec3(0, 1, 0) } as const;
/**
 * An elbow in T-pose bends slightly below straight forward: the hinges of recorded skeletons are 0 to 30 degrees off, and
 * this lies in between.
 */
const HINGE_TILT_RAD = (12 * Math.PI) / 180;
const FORWARD = vec3(0, 0, 1);
const IDENTITY = Float64Array.of(0, 0, 0, 1);

const upper = vec3();
const lower = vec3();
const axis = vec3();
const line = vec3();
const tilted = vec3();
const thumb = vec3();
const thumbOnArm = vec3();
const forearm = new Float64Array(4);
const palm = new Float64Array(4);
const turn = new Float64Array(4);

/** What an arm remembers: its elbow's axis, its forearm's turn, and how far its hand is known. */
export class ArmMemory {
  readonly elbow = new Hinge(UPPER_TWIST_LIMIT_RAD);
  readonly twist = new ForearmTwist();
  /** 1 while the hand is read; eases to 0 while it is not. */
  handShare = 0;
  /** The hand relative to its forearm as last read, x y z w. */
  readonly hand = Float64Array.of(0, 0, 0, 1);

  forget(): void {
    this.elbow.forget();
    this.twist.forget();
    this.handShare = 0;
    identityQuat(this.hand, 0);
  }
}

/** How far the hand (rotation `palm`) is turned about the forearm once its bend is undone; radians, -pi .. pi. */
function measureTwist(mirror: number): number {
  handAxis(palm, 0, mirror, line);
  quatFromUnitVectors(line, 0, lower, 0, turn, 0);
  turnVec(palm, 0, FORWARD, 0, thumb);
  turnVec(turn, 0, thumb, 0, thumb);
  reject(lower, thumb, thumb);
  turnVec(forearm, 0, FORWARD, 0, thumbOnArm);
  return signedAngle(thumbOnArm, thumb, lower);
}

function writeForearm(side: Side, memory: ArmMemory, world: Float64Array): void {
  const twistRad = FOREARM_SHARE * memory.twist.rad;
  quatFromAxisAngle(lower[0]!, lower[1]!, lower[2]!, twistRad, turn, 0);
  mulQuat(turn, 0, forearm, 0, world, side.bone.lowerArm * 4);
}

/** Turns forearm and hand by the hand's landmarks, or eases them towards a hand in line with the arm. */
function turnHand(
  side: Side,
  hand: Float64Array | null,
  elapsedMs: number,
  memory: ArmMemory,
  world: Float64Array,
): void {
  const { lowerArm, hand: handBone } = side.bone;
  const step = elapsedMs / HAND_EASE_MS;
  memory.handShare = Math.max(0, Math.min(1, memory.handShare + (hand === null ? -step : step)));
  if (hand === null) memory.twist.relax(elapsedMs);
  else {
    solvePalm(hand, side.mirror, palm, 0);
    memory.twist.follow(measureTwist(side.mirror), memory.handShare);
  }
  writeForearm(side, memory, world);
  if (hand !== null) mulConjugateQuat(world, lowerArm * 4, palm, 0, memory.hand, 0);
  slerpQuat(IDENTITY, 0, memory.hand, 0, memory.handShare, turn, 0);
  mulQuat(world, lowerArm * 4, turn, 0, world, handBone * 4);
}

/**
 * Solves arm and hand of one side in the root space, from the body's `points` and, if it is read, the `hand`'s. Needs the
 * trunk in `world`; writes x y z w for each bone there.
 */
export function solveArm(
  side: Side,
  points: Float64Array,
  lengths: BoneLengths,
  hand: Float64Array | null,
  elapsedMs: number,
  memory: ArmMemory,
  world: Float64Array,
): void {
  const { mirror, bone } = side;
  lengths.directLimb(points, side.arm, BoneLength.upperArm, BoneLength.shoulders, upper, lower);
  normalize(upper, T_POSE[mirror]);
  normalize(lower, upper);
  restAxis(world, bone.shoulder * 4, T_POSE[mirror], T_AXIS[mirror], upper, axis);
  memory.elbow.solve(upper, lower, axis, elapsedMs, axis);
  turnAbout(upper, axis, mirror * HINGE_TILT_RAD, tilted);
  writeArmBone(upper, tilted, mirror, world, bone.upperArm * 4);
  reject(lower, axis, axis);
  turnAbout(lower, axis, mirror * HINGE_TILT_RAD, tilted);
  writeArmBone(lower, tilted, mirror, forearm, 0);
  turnHand(side, hand, elapsedMs, memory, world);
}
