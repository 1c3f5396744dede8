import { type Attention, attentionAt, createAttention } from '@/lib/motion/idleAttention';
import { blinkAt } from '@/lib/motion/idleFace';
import { hash01, roughNoise, smoothNoise, stepProgress } from '@/lib/motion/smoothNoise';
import { ARKIT_INDEX, type ArkitBlendshape } from '@/lib/pose/arkit';
import { BODY_BONE_COUNT } from '@/lib/pose/bones';
import { FACE_OFFSET, GAZE_OFFSET, type Pose, PosePart, ROTATIONS_OFFSET } from '@/lib/pose/pose';
import { quatFromEuler } from '@/lib/pose/quat';
import type { PartSource } from './corpusClip';

const FACE_CHANNEL = { drive: 400, tracker: 420 };

/** What moves a talking face; each drive is a smooth noise. */
const DRIVES = {
  open: { hz: 8.6, centre: 0.35, reach: 0.65 },
  round: { hz: 5.4, centre: 0.1, reach: 0.5 },
  wide: { hz: 4.7, centre: 0.2, reach: 0.5 },
  close: { hz: 6.1, centre: 0, reach: 0.4 },
  smile: { hz: 0.35, centre: 0.3, reach: 0.45 },
  frown: { hz: 0.3, centre: -0.1, reach: 0.35 },
  aside: { hz: 1.1, centre: 0, reach: 0.25 },
  brows: { hz: 0.8, centre: 0.15, reach: 0.5 },
  effort: { hz: 0.6, centre: 0.1, reach: 0.35 },
} as const;
type Drive = keyof typeof DRIVES;
const DRIVE_NAMES = Object.keys(DRIVES) as Drive[];

type Mix = Partial<Record<Drive, number>>;

/** Shares of the drives in each shape; `Left` applies to both sides. */
const MIXES: ReadonlyArray<readonly [shape: ArkitBlendshape, mix: Mix]> = [
  ['jawOpen', { open: 0.6 }],
  ['jawForward', { round: 0.3, effort: 0.2 }],
  ['jawLeft', { aside: 0.4 }],
  ['jawRight', { aside: -0.4 }],
  ['mouthClose', { close: 0.4, open: 0.15 }],
  ['mouthFunnel', { round: 0.6 }],
  ['mouthPucker', { round: 0.7, close: 0.2 }],
  ['mouthLeft', { aside: 0.6 }],
  ['mouthRight', { aside: -0.6 }],
  ['mouthRollLower', { close: 0.6 }],
  ['mouthRollUpper', { close: 0.4 }],
  ['mouthShrugLower', { effort: 0.4, close: 0.3 }],
  ['mouthShrugUpper', { effort: 0.3, close: 0.2 }],
  ['mouthSmileLeft', { smile: 0.9 }],
  ['mouthFrownLeft', { frown: 0.8 }],
  ['mouthDimpleLeft', { smile: 0.3, wide: 0.2 }],
  ['mouthStretchLeft', { wide: 0.6, open: 0.1 }],
  ['mouthPressLeft', { close: 0.5 }],
  ['mouthLowerDownLeft', { open: 0.5, wide: 0.3 }],
  ['mouthUpperUpLeft', { open: 0.3, smile: 0.3 }],
  ['browInnerUp', { brows: 0.8 }],
  ['browOuterUpLeft', { brows: 0.6 }],
  ['browDownLeft', { brows: -0.5, effort: 0.4 }],
  ['cheekSquintLeft', { smile: 0.5, effort: 0.2 }],
  ['noseSneerLeft', { effort: 0.5 }],
  ['eyeSquintLeft', { smile: 0.4, effort: 0.2 }],
  ['eyeWideLeft', { brows: 0.4 }],
];

/** No face is symmetric: the right side moves a little less. */
const RIGHT_SHARE = 0.92;
/** Residual noise of a face tracker in a weight. */
const FACE_TRACKER_HZ = 9;
const FACE_TRACKER_WEIGHT = 0.006;
/** Angle of the eyes at which a look weight is 1, radians. */
const LOOK_FULL_RAD = 0.6;

const driven = new Map<Drive, number>();

function drive(seed: number, seconds: number): void {
  DRIVE_NAMES.forEach((name, index) => {
    const { hz, centre, reach } = DRIVES[name];
    driven.set(name, centre + reach * roughNoise(seed, FACE_CHANNEL.drive + index, seconds * hz));
  });
}

function setWeight(seed: number, seconds: number, shape: ArkitBlendshape, weight: number, out: Pose): void {
  const index = ARKIT_INDEX[shape];
  const residue = FACE_TRACKER_WEIGHT * smoothNoise(seed, FACE_CHANNEL.tracker + index, seconds * FACE_TRACKER_HZ);
  out.values[FACE_OFFSET + index] = Math.max(0, Math.min(1, weight + residue));
}

function mixed(mix: Mix): number {
  let weight = 0;
  for (const [name, share] of Object.entries(mix)) weight += share * driven.get(name as Drive)!;
  return weight;
}

function poseShapes(seed: number, seconds: number, out: Pose): void {
  for (const [shape, mix] of MIXES) {
    const weight = mixed(mix);
    setWeight(seed, seconds, shape, weight, out);
    if (!shape.endsWith('Left') || shape === 'jawLeft' || shape === 'mouthLeft') continue;
    setWeight(seed, seconds, shape.replace(/Left$/, 'Right') as ArkitBlendshape, RIGHT_SHARE * weight, out);
  }
}

function poseEyes(seed: number, seconds: number, attention: Attention, out: Pose): void {
  const { gazeYaw, gazePitch } = attention;
  const yaw = gazeYaw / LOOK_FULL_RAD;
  const pitch = gazePitch / LOOK_FULL_RAD;
  for (const [side, out01] of [
    ['Left', 1],
    ['Right', -1],
  ] as const) {
    setWeight(seed, seconds, `eyeBlink${side}`, blinkAt(seed, seconds) + Math.max(0, -pitch) * 0.5, out);
    setWeight(seed, seconds, `eyeLookOut${side}`, yaw * out01, out);
    setWeight(seed, seconds, `eyeLookIn${side}`, -yaw * out01, out);
    setWeight(seed, seconds, `eyeLookUp${side}`, pitch, out);
    setWeight(seed, seconds, `eyeLookDown${side}`, -pitch, out);
  }
  out.values[GAZE_OFFSET] = gazeYaw;
  out.values[GAZE_OFFSET + 1] = gazePitch;
}

/** A seeded face that talks without pause: mouth shapes that share drives, brows, blinks, glances. */
export function createMadeFace(seed: number): PartSource {
  const attention = createAttention();
  return {
    label: 'face and gaze: generated, talking without a pause',
    pose(seconds, out) {
      drive(seed, seconds);
      attentionAt(seed, seconds, attention);
      poseShapes(seed, seconds, out);
      poseEyes(seed, seconds, attention, out);
    },
  };
}

const DEGREES = Math.PI / 180;
const FINGERS = 5;
const JOINTS = 3;
const FINGER_CHANNEL = { shape: 300, start: 301, busy: 302, common: 303, curl: 310, spread: 330, tracker: 350 };

/** Curl of thumb to little finger, 0 straight to 1 fully bent, and spread of the fingers, 0 to 1. */
interface HandShape {
  readonly curl: readonly [number, number, number, number, number];
  readonly spread: number;
}

const RELAXED: HandShape = { curl: [0.25, 0.25, 0.3, 0.35, 0.4], spread: 0.25 };

/** Shapes of the hands of a person who talks. */
const SHAPES: readonly HandShape[] = [
  RELAXED,
  { curl: [0.1, 0.05, 0.05, 0.07, 0.1], spread: 0.8 },
  { curl: [0.65, 0.95, 1, 1, 1], spread: 0 },
  { curl: [0.55, 0.05, 0.9, 0.95, 0.95], spread: 0.1 },
  { curl: [0.5, 0.5, 0.3, 0.25, 0.2], spread: 0.4 },
  { curl: [0.7, 0.05, 0.05, 0.95, 1], spread: 0.5 },
  { curl: [0.35, 0.55, 0.6, 0.6, 0.6], spread: 0.15 },
];

/** Time between two shapes of a hand: that of strokes in lively talk. */
const SLOT_SECONDS = 0.95;
const RISE_SECONDS = 0.36;
/** Share of the shapes that are not relaxed. */
const BUSY_SHARE = 0.7;
/** Delay from one finger of a hand to the next. */
const STAGGER_SECONDS = 0.03;

/** Bend of a joint of a fully curled finger, degrees. */
const FULL_BEND_DEG = [
  [22, 45, 60],
  [78, 98, 62],
] as const;
const SPREAD_DEG = [0, 12, 3, -6, -14] as const;

/** How far one finger, and all together, stray from the hand's shape; shares of a full curl. */
const OWN_PLAY = 0.07;
const COMMON_PLAY = 0.06;
/** Residual noise of a hand tracker behind its filter: too fast for a finger, too slow to filter out. */
const FINGER_TRACKER_HZ = 11;
const FINGER_TRACKER_DEG = 0.45;

function shapeOf(seed: number, slot: number): HandShape {
  if (hash01(seed, FINGER_CHANNEL.busy, slot) > BUSY_SHARE) return RELAXED;
  return SHAPES[Math.floor(hash01(seed, FINGER_CHANNEL.shape, slot) * SHAPES.length)]!;
}

/** A figure of the hand's shape at a moment, between the last shape and the next. */
function mix(seed: number, seconds: number, of: (shape: HandShape) => number): number {
  const slot = Math.floor(seconds / SLOT_SECONDS);
  const from = of(shapeOf(seed, slot - 1));
  const to = of(shapeOf(seed, slot));
  return from + (to - from) * stepProgress(seed, FINGER_CHANNEL.start, seconds, SLOT_SECONDS, RISE_SECONDS);
}

function curlAt(seed: number, seconds: number, finger: number): number {
  const shaped = mix(seed, seconds - finger * STAGGER_SECONDS, (shape) => shape.curl[finger]!);
  const own = OWN_PLAY * roughNoise(seed, FINGER_CHANNEL.curl + finger, seconds * 1.3);
  const common = COMMON_PLAY * roughNoise(seed, FINGER_CHANNEL.common, seconds * 0.9);
  return Math.max(-0.08, Math.min(1.05, shaped + own + common));
}

function tracked(seed: number, bone: number, axis: number, seconds: number): number {
  return FINGER_TRACKER_DEG * smoothNoise(seed, FINGER_CHANNEL.tracker + bone * 3 + axis, seconds * FINGER_TRACKER_HZ);
}

function poseFinger(seed: number, hand: number, finger: number, seconds: number, out: Pose): void {
  const mirror = hand === 0 ? 1 : -1;
  const isThumb = finger === 0;
  const curl = curlAt(seed, seconds, finger);
  const spread = isThumb ? 0 : mix(seed, seconds, (shape) => shape.spread) * SPREAD_DEG[finger]!;
  const sway = 2 * roughNoise(seed, FINGER_CHANNEL.spread + finger, seconds * 0.8);
  for (let joint = 0; joint < JOINTS; joint += 1) {
    const bone = (hand * FINGERS + finger) * JOINTS + joint;
    const bend = curl * FULL_BEND_DEG[isThumb ? 0 : 1][joint]! + tracked(seed, bone, 2, seconds);
    const aside = (joint === 0 ? spread + sway : 0) + tracked(seed, bone, 1, seconds) * 0.6;
    const twist = tracked(seed, bone, 0, seconds) * 0.4;
    // A thumb bends across the palm, the other fingers into it.
    const yaw = isThumb ? bend : -aside;
    const lift = isThumb ? aside - 0.4 * bend : -bend;
    const at = ROTATIONS_OFFSET + (BODY_BONE_COUNT + bone) * 4;
    const lean = twist * DEGREES;
    quatFromEuler(lean, mirror * yaw * DEGREES, mirror * lift * DEGREES, 'ZYX', out.values, at);
  }
}

/**
 * Seeded fingers of a person who gestures while talking: shapes (open, fist, pointing, pinching, counting) a second apart,
 * joints coupled as by tendons, fingers correlated, a tracker's residual noise on every axis. `parts` says which hands to
 * write.
 */
export function createMadeFingers(seed: number, parts: number): PartSource {
  const hands = [PosePart.leftFingers, PosePart.rightFingers].flatMap((part, hand) => (parts & part ? [hand] : []));
  const which = hands.length === 2 ? 'fingers' : `${hands[0] === 0 ? 'left' : 'right'} fingers`;
  return {
    label: `${which}: generated, a lively talker's hands with a tracker's residue`,
    pose(seconds, out) {
      for (const hand of hands) {
        for (let finger = 0; finger < FINGERS; finger += 1) poseFinger(seed + hand * 7919, hand, finger, seconds, out);
      }
    },
  };
}
