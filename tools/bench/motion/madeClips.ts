import { attentionAt, createAttention } from '@/lib/motion/idleAttention';
import { hash01, roughNoise, smoothNoise, stepProgress } from '@/lib/motion/smoothNoise';
import { BODY_BONES, BONE_INDEX, type BodyBoneName } from '@/lib/pose/bones';
import { createPose, HIPS_OFFSET, type Pose, ROTATIONS_OFFSET } from '@/lib/pose/pose';
import { type EulerOrder, quatFromEuler } from '@/lib/pose/quat';

const DEGREES = Math.PI / 180;
const CHANNEL = { sway: 500, trunk: 505, arms: 510, arm: 520, armStart: 524, nod: 530, tracker: 600 };

/** How a generated person moves. */
interface Temper {
  /** Changes of the arms' stroke in a second. */
  readonly strokesPerSecond: number;
  /** Share of the strokes that leave the rest position. */
  readonly busyShare: number;
  /** Size of the small motions of trunk and arms, 1 for calm talk. */
  readonly play: number;
  /** Speed of the small motions, 1 for calm talk. */
  readonly pace: number;
}

/** Degrees: lift and swing of the upper arm, its twist, bend of the elbow, twist of the forearm, bend of the wrist. */
type ArmPose = readonly [lift: number, swing: number, twist: number, elbow: number, roll: number, wrist: number];

const REST: ArmPose = [-72, -8, 8, 18, 10, 4];
/** Where hands go during talk. */
const STROKES: readonly ArmPose[] = [
  [-58, -30, 20, 85, 35, -8],
  [-48, -42, 10, 70, 55, -15],
  [-35, -18, 30, 60, 20, 10],
  [-64, -40, 45, 110, 20, 12],
  [-20, -35, 0, 45, 60, -20],
  [-55, -55, 35, 125, 0, 20],
];

/** A stroke takes this share of its slot. */
const RISE_SHARE = 0.4;

/** Residual noise of a webcam tracker behind its filter: degrees, changes of direction a second, metres. */
const TRACKER_DEG = 0.3;
const TRACKER_HZ = 12;
const TRACKER_M = 0.002;

/** Degrees about x, y and z of every body bone, collected before they become rotations. */
type BodyAngles = Record<BodyBoneName, [x: number, y: number, z: number]>;

/** No bone turned. */
function createBodyAngles(): BodyAngles {
  return Object.fromEntries(BODY_BONES.map((bone) => [bone, [0, 0, 0]])) as unknown as BodyAngles;
}

function orderOf(bone: BodyBoneName): EulerOrder {
  return /Shoulder|Arm|Hand/.test(bone) ? 'ZYX' : 'YXZ';
}

function setAngles(angles: BodyAngles, bone: BodyBoneName, x: number, y: number, z: number): void {
  const of = angles[bone];
  of[0] = x;
  of[1] = y;
  of[2] = z;
}

function strokeOf(seed: number, side: number, slot: number, { busyShare }: Temper): ArmPose {
  const chance = hash01(seed, CHANNEL.arm + side, slot);
  return chance > busyShare ? REST : STROKES[Math.floor((chance / busyShare) * STROKES.length)]!;
}

function swingArm(seed: number, seconds: number, side: 0 | 1, temper: Temper, angles: BodyAngles): void {
  const { strokesPerSecond, play, pace } = temper;
  const slotSeconds = 1 / strokesPerSecond;
  const slot = Math.floor(seconds / slotSeconds);
  const from = strokeOf(seed, side, slot - 1, temper);
  const to = strokeOf(seed, side, slot, temper);
  const gone = stepProgress(seed, CHANNEL.armStart + side, seconds, slotSeconds, slotSeconds * RISE_SHARE);
  const sway = (joint: number, reach: number) =>
    play * reach * roughNoise(seed, CHANNEL.arms + side * 8 + joint, seconds * 0.9 * pace);
  const at = (joint: number, reach: number) => from[joint]! + (to[joint]! - from[joint]!) * gone + sway(joint, reach);
  const name = side === 0 ? 'left' : 'right';
  const mirror = side === 0 ? 1 : -1;
  setAngles(angles, `${name}Shoulder`, 0, mirror * sway(6, 1.5), mirror * (4 * gone + sway(7, 2)));
  setAngles(angles, `${name}UpperArm`, at(2, 4), mirror * at(1, 5), mirror * at(0, 4));
  setAngles(angles, `${name}LowerArm`, at(4, 6), mirror * -at(3, 7), 0);
  setAngles(angles, `${name}Hand`, at(4, 3) * 0.3, mirror * sway(5, 6), mirror * at(5, 6));
}

const attention = createAttention();

function turnHead(seed: number, seconds: number, { play, pace }: Temper, angles: BodyAngles): void {
  attentionAt(seed, seconds, attention);
  const nod = 4 * play * smoothNoise(seed, CHANNEL.nod, seconds * 1.9 * pace);
  const bow = -attention.headPitch / DEGREES + nod;
  const yaw = attention.headYaw / DEGREES;
  const tilt = attention.headRoll / DEGREES;
  setAngles(angles, 'neck', 3 + 0.4 * bow, 0.4 * yaw, 0.4 * tilt);
  setAngles(angles, 'head', -3 + 0.6 * bow, 0.6 * yaw, 0.6 * tilt);
}

function bendTrunk(seed: number, seconds: number, { play, pace }: Temper, angles: BodyAngles): void {
  const noise = (channel: number, hz: number) => play * roughNoise(seed, CHANNEL.trunk + channel, seconds * hz * pace);
  const breath = Math.sin(2 * Math.PI * 0.25 * seconds);
  setAngles(angles, 'hips', 2 * noise(0, 0.3), 5 * noise(1, 0.25), 2 * noise(2, 0.3));
  setAngles(angles, 'spine', 2 + 2.5 * noise(3, 0.35), 2.5 * noise(1, 0.3), -1.5 * noise(2, 0.3));
  setAngles(angles, 'chest', 1 + 2 * noise(3, 0.4) - 0.8 * breath, 2 * noise(4, 0.4), noise(2, 0.4));
  setAngles(angles, 'upperChest', -0.7 * breath + noise(3, 0.5), 1.5 * noise(4, 0.45), 0);
}

/** Stands on both feet and shifts weight; the legs compensate so that the feet roughly stay. */
function stand(seed: number, seconds: number, { play, pace }: Temper, out: Pose, angles: BodyAngles): void {
  const shift = play * roughNoise(seed, CHANNEL.sway, seconds * 0.22 * pace);
  const lean = play * roughNoise(seed, CHANNEL.sway + 1, seconds * 0.27 * pace);
  const dip = Math.max(0, play * roughNoise(seed, CHANNEL.sway + 2, seconds * 0.4 * pace));
  out.values[HIPS_OFFSET] = 0.035 * shift;
  out.values[HIPS_OFFSET + 1] = -0.02 * dip;
  out.values[HIPS_OFFSET + 2] = 0.02 * lean;
  for (const name of ['left', 'right'] as const) {
    const mirror = name === 'left' ? 1 : -1;
    setAngles(angles, `${name}UpperLeg`, -3 - 9 * dip - 1.3 * lean, mirror * 6, -2.2 * shift + mirror * 2);
    setAngles(angles, `${name}LowerLeg`, 5 + 17 * dip, 0, 0);
    setAngles(angles, `${name}Foot`, -2 - 8 * dip + 1.3 * lean, 0, 2.2 * shift);
  }
}

/** Writes `angles`, with a tracker's residual noise on them and on the position of the hips, into `out`. */
function writeBody(seed: number, seconds: number, angles: BodyAngles, out: Pose): void {
  for (const bone of BODY_BONES) {
    const index = BONE_INDEX[bone];
    const [x, y, z] = angles[bone].map(
      (degrees, axis) =>
        (degrees + TRACKER_DEG * smoothNoise(seed, CHANNEL.tracker + index * 3 + axis, seconds * TRACKER_HZ)) * DEGREES,
    ) as [number, number, number];
    quatFromEuler(x, y, z, orderOf(bone), out.values, ROTATIONS_OFFSET + index * 4);
  }
  for (let axis = 0; axis < 3; axis += 1) {
    const residue = TRACKER_M * smoothNoise(seed, CHANNEL.tracker + 300 + axis, seconds * TRACKER_HZ);
    out.values[HIPS_OFFSET + axis] = out.values[HIPS_OFFSET + axis]! + residue;
  }
}

/** Trunk, head and arms of a person of `temper` into `angles`. */
function moveUpperBody(seed: number, seconds: number, temper: Temper, angles: BodyAngles): void {
  bendTrunk(seed, seconds, temper, angles);
  turnHead(seed, seconds, temper, angles);
  swingArm(seed, seconds, 0, temper, angles);
  swingArm(seed, seconds, 1, temper, angles);
}

/** A standing person of `temper`: hips and body bones of `out`. */
function poseStanding(seed: number, seconds: number, temper: Temper, angles: BodyAngles, out: Pose): void {
  moveUpperBody(seed, seconds, temper, angles);
  stand(seed, seconds, temper, out, angles);
  writeBody(seed, seconds, angles, out);
}

const WALK_CHANNEL = { pace: 700 };
/** Double steps a second of an easy walk, and its speed. */
const STRIDE_HZ = 0.92;
const SPEED_M_PER_S = 1.15;
/** Radius of the circular walk, which turns the heading all the way round. */
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
function poseWalking(seed: number, seconds: number, angles: BodyAngles, out: Pose): void {
  const phase = 2 * Math.PI * STRIDE_HZ * seconds + 0.5 * roughNoise(seed, WALK_CHANNEL.pace, seconds * 0.5);
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

/** Generated motion of the hips and the 22 body bones as a function of time. */
export interface MadeClip {
  readonly name: string;
  readonly seconds: number;
  /** Writes hips and body bones at `seconds`. */
  pose(seconds: number, out: Pose): void;
}

const TALK: Temper = { strokesPerSecond: 0.55, busyShare: 0.55, play: 1, pace: 1 };
const LISTEN: Temper = { strokesPerSecond: 0.2, busyShare: 0.2, play: 0.7, pace: 0.8 };
const LIVELY: Temper = { strokesPerSecond: 0.9, busyShare: 0.85, play: 1.7, pace: 1.4 };
const DANCE: Temper = { strokesPerSecond: 1.3, busyShare: 0.9, play: 4, pace: 3 };

function standing(name: string, seed: number, seconds: number, temper: Temper): MadeClip {
  const angles = createBodyAngles();
  return { name, seconds, pose: (at, out) => poseStanding(seed, at, temper, angles, out) };
}

function walking(name: string, seed: number, seconds: number): MadeClip {
  const angles = createBodyAngles();
  return { name, seconds, pose: (at, out) => poseWalking(seed, at, angles, out) };
}

/** Clips from seeds, the same in every run: talk, listening, lively gestures, a walk in a circle, a dance. */
export function madeClips(): MadeClip[] {
  return [
    standing('made-talk', 11, 40, TALK),
    standing('made-listen', 12, 30, LISTEN),
    standing('made-lively', 13, 30, LIVELY),
    walking('made-walk', 14, 20),
    standing('made-dance', 15, 20, DANCE),
  ];
}

/** Poses of `clip` at `fps`; parts are not set. */
export function sampleMadeClip(clip: MadeClip, fps: number): Pose[] {
  return Array.from({ length: Math.floor(clip.seconds * fps) }, (_, frame) => {
    const pose = createPose();
    clip.pose(frame / fps, pose);
    return pose;
  });
}
