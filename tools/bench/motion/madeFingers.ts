import { stepProgress } from '@/lib/motion/slots';
import { hash01, roughNoise, smoothNoise } from '@/lib/motion/smoothNoise';
import { BODY_BONE_COUNT } from '@/lib/pose/bones';
import { type Pose, PosePart, ROTATIONS_OFFSET } from '@/lib/pose/pose';
import { quatFromEuler } from '@/lib/pose/quat';
import type { PartSource } from './corpusClip';

const DEGREES = Math.PI / 180;
const FINGERS = 5;
const JOINTS = 3;
const CHANNEL = { shape: 300, start: 301, busy: 302, common: 303, curl: 310, spread: 330, tracker: 350 };

/** Curl of thumb to little finger, 0 straight to 1 bent in full, and how far the fingers spread, 0 to 1. */
interface HandShape {
  readonly curl: readonly [number, number, number, number, number];
  readonly spread: number;
}

const RELAXED: HandShape = { curl: [0.25, 0.25, 0.3, 0.35, 0.4], spread: 0.25 };

/** What hands do while somebody talks. */
const SHAPES: readonly HandShape[] = [
  RELAXED,
  { curl: [0.1, 0.05, 0.05, 0.07, 0.1], spread: 0.8 },
  { curl: [0.65, 0.95, 1, 1, 1], spread: 0 },
  { curl: [0.55, 0.05, 0.9, 0.95, 0.95], spread: 0.1 },
  { curl: [0.5, 0.5, 0.3, 0.25, 0.2], spread: 0.4 },
  { curl: [0.7, 0.05, 0.05, 0.95, 1], spread: 0.5 },
  { curl: [0.35, 0.55, 0.6, 0.6, 0.6], spread: 0.15 },
];

/** A hand takes another shape about as often as it strokes in lively talk. */
const SLOT_SECONDS = 0.95;
const RISE_SECONDS = 0.36;
/** Share of the shapes that are other than relaxed. */
const BUSY_SHARE = 0.7;
/** The fingers of a hand begin after one another. */
const STAGGER_SECONDS = 0.03;

/** Bend of a joint in degrees where the finger is curled in full. */
const FULL_BEND_DEG = [
  [22, 45, 60],
  [78, 98, 62],
] as const;
const SPREAD_DEG = [0, 12, 3, -6, -14] as const;

/** How far a finger strays from its hand's shape, and all of them together, shares of a full curl. */
const OWN_PLAY = 0.07;
const COMMON_PLAY = 0.06;
/** What a hand tracker leaves over behind its own filter: too fast for a finger, too slow to be filtered. */
const TRACKER_HZ = 11;
const TRACKER_DEG = 0.45;

function shapeOf(seed: number, slot: number): HandShape {
  if (hash01(seed, CHANNEL.busy, slot) > BUSY_SHARE) return RELAXED;
  return SHAPES[Math.floor(hash01(seed, CHANNEL.shape, slot) * SHAPES.length)]!;
}

/** The hand's two shapes around a moment, and how far it has gone from the one to the other. */
function mix(seed: number, seconds: number, of: (shape: HandShape) => number): number {
  const slot = Math.floor(seconds / SLOT_SECONDS);
  const from = of(shapeOf(seed, slot - 1));
  const to = of(shapeOf(seed, slot));
  return from + (to - from) * stepProgress(seed, CHANNEL.start, seconds, SLOT_SECONDS, RISE_SECONDS);
}

function curlAt(seed: number, seconds: number, finger: number): number {
  const shaped = mix(seed, seconds - finger * STAGGER_SECONDS, (shape) => shape.curl[finger]!);
  const own = OWN_PLAY * roughNoise(seed, CHANNEL.curl + finger, seconds * 1.3);
  const common = COMMON_PLAY * roughNoise(seed, CHANNEL.common, seconds * 0.9);
  return Math.max(-0.08, Math.min(1.05, shaped + own + common));
}

function tracked(seed: number, bone: number, axis: number, seconds: number): number {
  return TRACKER_DEG * smoothNoise(seed, CHANNEL.tracker + bone * 3 + axis, seconds * TRACKER_HZ);
}

function poseFinger(seed: number, hand: number, finger: number, seconds: number, out: Pose): void {
  const mirror = hand === 0 ? 1 : -1;
  const isThumb = finger === 0;
  const curl = curlAt(seed, seconds, finger);
  const spread = isThumb ? 0 : mix(seed, seconds, (shape) => shape.spread) * SPREAD_DEG[finger]!;
  const sway = 2 * roughNoise(seed, CHANNEL.spread + finger, seconds * 0.8);
  for (let joint = 0; joint < JOINTS; joint += 1) {
    const bone = (hand * FINGERS + finger) * JOINTS + joint;
    const bend = curl * FULL_BEND_DEG[isThumb ? 0 : 1][joint]! + tracked(seed, bone, 2, seconds);
    const aside = (joint === 0 ? spread + sway : 0) + tracked(seed, bone, 1, seconds) * 0.6;
    const twist = tracked(seed, bone, 0, seconds) * 0.4;
    // A thumb bends across the palm, the others into it.
    const yaw = isThumb ? bend : -aside;
    const lift = isThumb ? aside - 0.4 * bend : -bend;
    const at = ROTATIONS_OFFSET + (BODY_BONE_COUNT + bone) * 4;
    const lean = twist * DEGREES;
    quatFromEuler(lean, mirror * yaw * DEGREES, mirror * lift * DEGREES, 'ZYX', out.values, at);
  }
}

/**
 * Seeded fingers of a person who talks with the hands: shapes (open, fist, pointing, pinching, counting) a second apart,
 * joints of a finger coupled as tendons couple them, fingers correlated, a hand tracker's residue on every axis.
 * `parts` says which hands are written.
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
