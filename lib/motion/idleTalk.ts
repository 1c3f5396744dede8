import { ease, envelope, hash01, smoothNoise, stepProgress } from './smoothNoise';

const CHANNEL = { talks: 30, start: 31, length: 32, lift: 33, liftStart: 35, syllable: 37 };

const TALK_SLOT_SECONDS = 11;
/** Share of the slots with speech. */
const TALK_SHARE = 0.35;
const TALK_RISE_SECONDS = 0.6;

const GESTURE_SLOT_SECONDS = 2.8;
const GESTURE_RISE_SECONDS = 0.75;
/** Share of the talking time with a lifted hand. */
const GESTURE_SHARE = 0.55;

/** Syllables a second in calm speech. */
const SYLLABLES_PER_SECOND = 4.3;

/** How much the person of `seed` talks at `seconds`: 0 not at all, 1 fully. */
export function talkAt(seed: number, seconds: number): number {
  const slot = Math.floor(seconds / TALK_SLOT_SECONDS);
  if (hash01(seed, CHANNEL.talks, slot) > TALK_SHARE) return 0;
  const start = (0.05 + 0.15 * hash01(seed, CHANNEL.start, slot)) * TALK_SLOT_SECONDS;
  const length = (0.4 + 0.35 * hash01(seed, CHANNEL.length, slot)) * TALK_SLOT_SECONDS;
  return envelope(seconds - slot * TALK_SLOT_SECONDS, start, start + length, TALK_RISE_SECONDS);
}

function liftTarget(seed: number, channel: number, slot: number): number {
  const chance = hash01(seed, channel, slot);
  return chance > GESTURE_SHARE ? 0 : 0.35 + (0.65 * chance) / GESTURE_SHARE;
}

/** How far a hand (0 left, 1 right) is lifted in a gesture: 0 at rest, 1 highest. Only while talking. */
export function gestureAt(seed: number, hand: 0 | 1, seconds: number): number {
  const talk = talkAt(seed, seconds);
  if (talk === 0) return 0;
  const slot = Math.floor(seconds / GESTURE_SLOT_SECONDS);
  const from = liftTarget(seed, CHANNEL.lift + hand, slot - 1);
  const to = liftTarget(seed, CHANNEL.lift + hand, slot);
  const channel = CHANNEL.liftStart + hand;
  return talk * (from + (to - from) * stepProgress(seed, channel, seconds, GESTURE_SLOT_SECONDS, GESTURE_RISE_SECONDS));
}

/** How far the mouth opens with the syllables, 0 .. 1; 0 without speech. */
export function syllableAt(seed: number, seconds: number): number {
  const talk = talkAt(seed, seconds);
  if (talk === 0) return 0;
  const stream = smoothNoise(seed, CHANNEL.syllable, seconds * SYLLABLES_PER_SECOND * 2);
  const phrase = ease(0.5 + 1.2 * smoothNoise(seed, CHANNEL.syllable + 1, seconds * 0.9) + 0.5);
  return talk * phrase * Math.max(0, 0.35 + 0.65 * stream);
}
