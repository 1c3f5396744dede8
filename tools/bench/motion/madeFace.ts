import { type Attention, attentionAt, createAttention } from '@/lib/motion/idleAttention';
import { blinkAt } from '@/lib/motion/idleFace';
import { roughNoise, smoothNoise } from '@/lib/motion/smoothNoise';
import { ARKIT_INDEX, type ArkitBlendshape } from '@/lib/pose/arkit';
import { FACE_OFFSET, GAZE_OFFSET, type Pose } from '@/lib/pose/pose';
import type { PartSource } from './corpusClip';

const CHANNEL = { drive: 400, tracker: 420 };

/** What moves a talking face, each a smooth noise of its own. */
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

/** Shares of the drives in each shape; `Left` stands for both sides. */
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

/** No face is even: the right side moves a little less, and later shows in the numbers as its own noise. */
const RIGHT_SHARE = 0.92;
/** What a face tracker leaves over in a weight. */
const TRACKER_HZ = 9;
const TRACKER_WEIGHT = 0.006;
/** A weight of 1 at this angle of the eyes, radians. */
const LOOK_FULL_RAD = 0.6;

const driven = new Map<Drive, number>();

function drive(seed: number, seconds: number): void {
  DRIVE_NAMES.forEach((name, index) => {
    const { hz, centre, reach } = DRIVES[name];
    driven.set(name, centre + reach * roughNoise(seed, CHANNEL.drive + index, seconds * hz));
  });
}

function setWeight(seed: number, seconds: number, shape: ArkitBlendshape, weight: number, out: Pose): void {
  const index = ARKIT_INDEX[shape];
  const residue = TRACKER_WEIGHT * smoothNoise(seed, CHANNEL.tracker + index, seconds * TRACKER_HZ);
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

/** A seeded face that talks without a pause: mouth shapes that share their drives, brows, blinks, glances. */
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
