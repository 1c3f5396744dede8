import { roughNoise } from '@/lib/motion/smoothNoise';
import { HIPS_OFFSET, type Pose } from '@/lib/pose/pose';
import { type BodyAngles, moveUpperBody, type Temper, writeBody } from './madeBody';

const CHANNEL = { pace: 700 };
/** Double steps a second of an easy walk, and how far it comes in a second. */
const STRIDE_HZ = 0.92;
const SPEED_M_PER_S = 1.15;
/** Walks in a circle, so that the heading turns all the way round. */
const RADIUS_M = 1.8;
const HANDS: Temper = { strokesPerSecond: 0.4, busyShare: 0, play: 0.6, pace: 1 };

function moveLeg(name: 'left' | 'right', phase: number, angles: BodyAngles): void {
  const swing = Math.sin(phase);
  const lift = Math.max(0, Math.sin(phase + 1.1)) ** 2;
  angles[`${name}UpperLeg`] = [-6 - 24 * swing, 0, 0];
  angles[`${name}LowerLeg`] = [8 + 52 * lift, 0, 0];
  angles[`${name}Foot`] = [-4 + 16 * Math.sin(phase + 2.4), 0, 0];
  angles[`${name}Toes`] = [-14 * Math.max(0, Math.sin(phase + 3.6)), 0, 0];
}

function moveArm(name: 'left' | 'right', phase: number, angles: BodyAngles): void {
  const mirror = name === 'left' ? 1 : -1;
  const [x, y, z] = angles[`${name}UpperArm`];
  angles[`${name}UpperArm`] = [x, y - mirror * 20 * Math.sin(phase), z];
  const [roll, elbow, aside] = angles[`${name}LowerArm`];
  angles[`${name}LowerArm`] = [roll, elbow - mirror * (12 + 10 * Math.sin(phase)), aside];
}

/** A person walking in a circle: hips and body bones of `out`. */
export function poseWalking(seed: number, seconds: number, angles: BodyAngles, out: Pose): void {
  const phase = 2 * Math.PI * STRIDE_HZ * seconds + 0.5 * roughNoise(seed, CHANNEL.pace, seconds * 0.5);
  const heading = (SPEED_M_PER_S / RADIUS_M) * seconds;
  moveUpperBody(seed, seconds, HANDS, angles);
  moveLeg('left', phase, angles);
  moveLeg('right', phase + Math.PI, angles);
  moveArm('left', phase + Math.PI, angles);
  moveArm('right', phase, angles);
  const [bow, , tilt] = angles.hips;
  angles.hips = [bow + 3, (heading * 180) / Math.PI + 90 + 4 * Math.sin(phase), tilt + 2 * Math.sin(phase)];
  out.values[HIPS_OFFSET] = RADIUS_M * Math.sin(heading + Math.PI / 2) - RADIUS_M;
  out.values[HIPS_OFFSET + 1] = -0.03 + 0.02 * Math.cos(2 * phase);
  out.values[HIPS_OFFSET + 2] = RADIUS_M * Math.cos(heading + Math.PI / 2);
  writeBody(seed, seconds, angles, out);
}
