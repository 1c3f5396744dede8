import { hash01, roughNoise, smoothNoise, stepProgress } from './smoothNoise';

const DEGREES = Math.PI / 180;
const CHANNEL = { glance: 10, kind: 11, yaw: 12, pitch: 13, microStart: 14, microYaw: 15, microPitch: 16, head: 17 };

/** How often the focus may change: about as often as that of people at a table. */
const GLANCE_SLOT_SECONDS = 4.2;
/** A saccade: the eyes arrive before the head has started. */
const EYE_RISE_SECONDS = 0.09;
const HEAD_RISE_SECONDS = 0.65;
/** Share of a glance that the head follows; the eyes do the rest. */
const HEAD_SHARE = 0.6;

const MICRO_SLOT_SECONDS = 0.9;
const MICRO_RISE_SECONDS = 0.04;
const MICRO_RAD = 1.1 * DEGREES;

const SHARE_AHEAD = 0.5;
const SHARE_ASIDE = 0.35;

function targetYaw(seed: number, slot: number): number {
  const kind = hash01(seed, CHANNEL.kind, slot);
  const side = 2 * hash01(seed, CHANNEL.yaw, slot) - 1;
  if (kind < SHARE_AHEAD) return side * 5 * DEGREES;
  if (kind < SHARE_AHEAD + SHARE_ASIDE) return (Math.sign(side) * 12 + side * 20) * DEGREES;
  return side * 10 * DEGREES;
}

function targetPitch(seed: number, slot: number): number {
  const kind = hash01(seed, CHANNEL.kind, slot);
  const amount = hash01(seed, CHANNEL.pitch, slot);
  return kind < SHARE_AHEAD + SHARE_ASIDE ? (4 * amount - 3) * DEGREES : -(8 + 10 * amount) * DEGREES;
}

/** Where a person looks, radians: head relative to the torso, eyes relative to the head. Yaw to the left, pitch up. */
export interface Attention {
  headYaw: number;
  headPitch: number;
  headRoll: number;
  gazeYaw: number;
  gazePitch: number;
}

/** Attention straight ahead. */
export function createAttention(): Attention {
  return { headYaw: 0, headPitch: 0, headRoll: 0, gazeYaw: 0, gazePitch: 0 };
}

function micro(seed: number, channel: number, seconds: number): number {
  const slot = Math.floor(seconds / MICRO_SLOT_SECONDS);
  const from = 2 * hash01(seed, channel, slot - 1) - 1;
  const to = 2 * hash01(seed, channel, slot) - 1;
  const progress = stepProgress(seed, CHANNEL.microStart, seconds, MICRO_SLOT_SECONDS, MICRO_RISE_SECONDS);
  return MICRO_RAD * (from + (to - from) * progress);
}

/** Where the person of `seed` looks at `seconds`: glances, small drifts of the head, small jumps of the eyes. */
export function attentionAt(seed: number, seconds: number, out: Attention): Attention {
  const slot = Math.floor(seconds / GLANCE_SLOT_SECONDS);
  const eyes = stepProgress(seed, CHANNEL.glance, seconds, GLANCE_SLOT_SECONDS, EYE_RISE_SECONDS);
  const head = stepProgress(seed, CHANNEL.glance, seconds, GLANCE_SLOT_SECONDS, HEAD_RISE_SECONDS);
  const fromYaw = targetYaw(seed, slot - 1);
  const toYaw = targetYaw(seed, slot);
  const fromPitch = targetPitch(seed, slot - 1);
  const toPitch = targetPitch(seed, slot);
  const followedYaw = HEAD_SHARE * (fromYaw + (toYaw - fromYaw) * head);
  const followedPitch = HEAD_SHARE * (fromPitch + (toPitch - fromPitch) * head);
  out.headYaw = followedYaw + 2.2 * DEGREES * roughNoise(seed, CHANNEL.head, seconds / 2.9);
  out.headPitch = followedPitch + 1.6 * DEGREES * roughNoise(seed, CHANNEL.head + 1, seconds / 2.3);
  out.headRoll = 2.4 * DEGREES * smoothNoise(seed, CHANNEL.head + 2, seconds / 4.7);
  out.gazeYaw = fromYaw + (toYaw - fromYaw) * eyes - followedYaw + micro(seed, CHANNEL.microYaw, seconds);
  out.gazePitch = fromPitch + (toPitch - fromPitch) * eyes - followedPitch + micro(seed, CHANNEL.microPitch, seconds);
  return out;
}
