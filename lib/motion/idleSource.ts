import { BONE_INDEX, type BoneName, FINGER_BONES } from '@/lib/pose/bones';
import { HIPS_OFFSET, type Pose, PosePart, ROTATIONS_OFFSET, resetPose } from '@/lib/pose/pose';
import { quatFromAngles } from '@/lib/pose/quat';
import { type Attention, attentionAt, createAttention } from './idleAttention';
import { poseIdleFace } from './idleFace';
import { gestureAt, talkAt } from './idleTalk';
import type { MotionSource } from './motionSource';
import { roughNoise, smoothNoise } from './smoothNoise';

const DEGREES = Math.PI / 180;
const CHANNEL = { breath: 70, shift: 72, lean: 75, arms: 80, beat: 90, fingers: 100 };

/** Breaths a second at rest. */
const BREATH_HZ = 0.24;

/** Angles about x, y and z of the bone turned next, radians. In an array, since V8 boxes numbers that are passed. */
const angles = new Float64Array(3);

function turn(pose: Pose, bone: BoneName, order: 'YXZ' | 'ZYX'): void {
  quatFromAngles(angles, order, pose.values, ROTATIONS_OFFSET + BONE_INDEX[bone] * 4);
}

/** Torso and head: yaw to the left, then bow forward, then tilt. */
function turnTrunk(pose: Pose, bone: BoneName, bowDeg: number, yawDeg: number, tiltDeg: number): void {
  angles[0] = DEGREES * bowDeg;
  angles[1] = DEGREES * yawDeg;
  angles[2] = DEGREES * tiltDeg;
  turn(pose, bone, 'YXZ');
}

function breathAt(seed: number, seconds: number): number {
  const phase = BREATH_HZ * seconds + 0.35 * smoothNoise(seed, CHANNEL.breath, seconds / 9);
  return Math.sin(2 * Math.PI * phase);
}

function poseTrunk(seed: number, seconds: number, pose: Pose): void {
  const breath = breathAt(seed, seconds);
  const shift = roughNoise(seed, CHANNEL.shift, seconds / 8);
  const lean = roughNoise(seed, CHANNEL.lean, seconds / 10) + 0.6 * talkAt(seed, seconds);
  const yaw = roughNoise(seed, CHANNEL.lean + 1, seconds / 12);
  pose.values[HIPS_OFFSET] = 0.012 * shift;
  pose.values[HIPS_OFFSET + 1] = 0.0015 * breath;
  pose.values[HIPS_OFFSET + 2] = 0.006 * lean;
  turnTrunk(pose, 'hips', 1.2 * lean, 1.5 * yaw, -1.4 * shift);
  turnTrunk(pose, 'spine', 2.5 + 1.5 * lean, 1.2 * yaw, 1.6 * shift);
  turnTrunk(pose, 'chest', 1.5 + 1.2 * lean - 0.9 * breath, 1.2 * yaw, 0.8 * shift);
  turnTrunk(pose, 'upperChest', 0.5 - 0.8 * breath, 0.6 * yaw, 0);
}

function poseHead(attention: Attention, seed: number, seconds: number, pose: Pose): void {
  const nod = talkAt(seed, seconds) * smoothNoise(seed, CHANNEL.beat + 5, seconds * 1.6);
  const bow = -attention.headPitch / DEGREES + 3 * nod;
  const yaw = attention.headYaw / DEGREES;
  const tilt = attention.headRoll / DEGREES;
  turnTrunk(pose, 'neck', 2 + 0.4 * bow, 0.4 * yaw, 0.4 * tilt);
  // The head stays level: it undoes most of the trunk's slouch.
  turnTrunk(pose, 'head', -4 + 0.6 * bow, 0.6 * yaw, 0.6 * tilt);
}

/** Bones of each arm. Named here, so that no name is built while playing. */
const ARMS = [
  {
    mirror: 1,
    shoulder: 'leftShoulder',
    upperArm: 'leftUpperArm',
    lowerArm: 'leftLowerArm',
    hand: 'leftHand',
  },
  {
    mirror: -1,
    shoulder: 'rightShoulder',
    upperArm: 'rightUpperArm',
    lowerArm: 'rightLowerArm',
    hand: 'rightHand',
  },
] as const;

/** Twist about the arm, swing to the front (negative) and lift, in degrees for the left; the right mirrors them. */
function turnArm(pose: Pose, mirror: number, bone: BoneName, twist: number, swing: number, lift: number): void {
  angles[0] = DEGREES * twist;
  angles[1] = DEGREES * mirror * swing;
  angles[2] = DEGREES * mirror * lift;
  turn(pose, bone, 'ZYX');
}

function poseArm(seed: number, seconds: number, side: 0 | 1, pose: Pose): void {
  const { mirror, shoulder, upperArm, lowerArm, hand } = ARMS[side];
  const gesture = gestureAt(seed, side, seconds);
  const beat = gesture * smoothNoise(seed, CHANNEL.beat + side, seconds * 1.5);
  const beatAside = gesture * smoothNoise(seed, CHANNEL.beat + 2 + side, seconds * 1.1);
  const drift = roughNoise(seed, CHANNEL.arms + side, seconds / 9);
  const settle = roughNoise(seed, CHANNEL.arms + 2 + side, seconds / 13);
  const breath = breathAt(seed, seconds);
  turnArm(pose, mirror, shoulder, 0, 0, -2 + 0.7 * breath + 2 * gesture);
  const swing = -16 + 2 * drift - 8 * gesture;
  turnArm(pose, mirror, upperArm, 26 + 3 * settle - 6 * gesture, swing, -69 + 1.5 * settle + 4 * gesture);
  turnArm(pose, mirror, lowerArm, 48 - 26 * gesture, -(68 + 3 * drift + 22 * gesture + 9 * beat), 0);
  turnArm(pose, mirror, hand, 16 - 10 * gesture, 6 * beatAside, 6 + 2 * settle - 8 * beat);
}

/** Bend of the joints of a relaxed hand in degrees, index to little finger; the little finger curls most. */
const RELAXED_CURL = [
  [16, 24, 12],
  [20, 28, 15],
  [24, 31, 17],
  [28, 33, 18],
] as const;
const FINGERS_A_HAND = 5;
const JOINTS_A_FINGER = 3;

function poseFinger(seed: number, seconds: number, hand: number, finger: number, openness: number, pose: Pose): void {
  const mirror = hand === 0 ? 1 : -1;
  const first = (hand * FINGERS_A_HAND + finger) * JOINTS_A_FINGER;
  const play = 1 + 0.12 * roughNoise(seed, CHANNEL.fingers + hand * FINGERS_A_HAND + finger, seconds / 5);
  for (let joint = 0; joint < JOINTS_A_FINGER; joint += 1) {
    const curl = finger === 0 ? 6 : RELAXED_CURL[finger - 1]![joint]! * (1 - 0.45 * openness);
    angles[0] = 0;
    angles[1] = DEGREES * (finger === 0 ? mirror * (joint === 0 ? 8 : 10) * play : 0);
    angles[2] = DEGREES * mirror * -curl * play;
    turn(pose, FINGER_BONES[first + joint]!, 'ZYX');
  }
}

/** Writes hips, upper body and fingers of a person who sits, breathes and gestures now and then while talking. */
function poseIdleBody(seed: number, seconds: number, attention: Attention, pose: Pose): void {
  poseTrunk(seed, seconds, pose);
  poseHead(attention, seed, seconds, pose);
  poseArm(seed, seconds, 0, pose);
  poseArm(seed, seconds, 1, pose);
  for (let hand = 0; hand < 2; hand += 1) {
    const openness = gestureAt(seed, hand === 0 ? 0 : 1, seconds);
    for (let finger = 0; finger < FINGERS_A_HAND; finger += 1) poseFinger(seed, seconds, hand, finger, openness, pose);
  }
}

/** The parts an idle person moves: all but the legs, so that the avatar sits (rule P-8). */
export const IDLE_PARTS =
  PosePart.hips | PosePart.upperBody | PosePart.leftFingers | PosePart.rightFingers | PosePart.face | PosePart.gaze;

class IdleSource implements MotionSource {
  private readonly attention: Attention = createAttention();

  constructor(private readonly seed: number) {}

  sample(timeMs: number, out: Pose): Pose {
    const seconds = Number.isFinite(timeMs) ? timeMs / 1000 : 0;
    resetPose(out);
    attentionAt(this.seed, seconds, this.attention);
    poseIdleBody(this.seed, seconds, this.attention, out);
    poseIdleFace(this.seed, seconds, this.attention, out);
    out.parts = IDLE_PARTS;
    return out;
  }
}

/**
 * A person who sits at a table with the hands at its edge: breathes, shifts weight, blinks, glances around and sometimes talks
 * with small gestures. Depends on the whole number `seed` and on time alone, so any moment can be asked for.
 */
export function createIdleSource(seed: number): MotionSource {
  return new IdleSource(seed | 0);
}
