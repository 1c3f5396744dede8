import { ARKIT_INDEX, type ArkitBlendshape } from '@/lib/pose/arkit';
import { FACE_OFFSET, GAZE_OFFSET, type Pose } from '@/lib/pose/pose';
import type { Attention } from './idleAttention';
import { syllableAt, talkAt } from './idleTalk';
import { ease, hash01, smoothNoise } from './smoothNoise';

const CHANNEL = { blinks: 50, start: 51, double: 52, smile: 53, brows: 54, mouth: 55 };

/** 15 to 20 blinks a minute, like people who sit and listen. */
const BLINK_SLOT_SECONDS = 3.3;
const BLINK_SHARE = 0.88;
const DOUBLE_SHARE = 0.14;
const DOUBLE_AFTER_SECONDS = 0.34;
/** Lids close fast and open slowly. */
const CLOSE_SECONDS = 0.08;
const SHUT_SECONDS = 0.03;
const OPEN_SECONDS = 0.18;

function lid(sinceSeconds: number): number {
  return ease(sinceSeconds / CLOSE_SECONDS) * (1 - ease((sinceSeconds - CLOSE_SECONDS - SHUT_SECONDS) / OPEN_SECONDS));
}

/** How far a blink closes the lids at `seconds`, 0 .. 1. */
export function blinkAt(seed: number, seconds: number): number {
  const slot = Math.floor(seconds / BLINK_SLOT_SECONDS);
  if (hash01(seed, CHANNEL.blinks, slot) > BLINK_SHARE) return 0;
  const start = (0.02 + 0.75 * hash01(seed, CHANNEL.start, slot)) * BLINK_SLOT_SECONDS;
  const since = seconds - slot * BLINK_SLOT_SECONDS - start;
  const isDouble = hash01(seed, CHANNEL.double, slot) < DOUBLE_SHARE;
  return Math.max(lid(since), isDouble ? lid(since - DOUBLE_AFTER_SECONDS) : 0);
}

function setWeight(pose: Pose, shape: ArkitBlendshape, weight: number): void {
  pose.values[FACE_OFFSET + ARKIT_INDEX[shape]] = Math.max(0, Math.min(1, weight));
}

function poseMouth(seed: number, seconds: number, pose: Pose): void {
  const open = syllableAt(seed, seconds);
  const roundness = Math.max(0, smoothNoise(seed, CHANNEL.mouth, seconds * 3.1)) * open;
  const width = Math.max(0, smoothNoise(seed, CHANNEL.mouth + 1, seconds * 2.6)) * open;
  const smile = 0.1 + 0.1 * smoothNoise(seed, CHANNEL.smile, seconds / 7);
  setWeight(pose, 'jawOpen', 0.42 * open);
  setWeight(pose, 'mouthFunnel', 0.35 * roundness);
  setWeight(pose, 'mouthPucker', 0.3 * roundness);
  setWeight(pose, 'mouthStretchLeft', 0.25 * width);
  setWeight(pose, 'mouthStretchRight', 0.25 * width);
  setWeight(pose, 'mouthLowerDownLeft', 0.3 * open);
  setWeight(pose, 'mouthLowerDownRight', 0.3 * open);
  setWeight(pose, 'mouthSmileLeft', smile + 0.08 * width);
  setWeight(pose, 'mouthSmileRight', 0.92 * smile + 0.08 * width);
}

function poseEyes(seed: number, seconds: number, attention: Attention, pose: Pose): void {
  // Lids follow the eyes down.
  const lowered = Math.max(0, -attention.gazePitch) * 0.9;
  const blink = Math.max(blinkAt(seed, seconds), Math.min(0.35, lowered));
  setWeight(pose, 'eyeBlinkLeft', blink);
  setWeight(pose, 'eyeBlinkRight', blink);
  const raise = smoothNoise(seed, CHANNEL.brows, seconds / 2.4) * (0.08 + 0.22 * talkAt(seed, seconds));
  setWeight(pose, 'browInnerUp', raise);
  setWeight(pose, 'browOuterUpLeft', 0.8 * raise);
  setWeight(pose, 'browOuterUpRight', 0.7 * raise);
  setWeight(pose, 'eyeSquintLeft', 0.06 - 0.1 * raise);
  setWeight(pose, 'eyeSquintRight', 0.06 - 0.1 * raise);
}

/** Writes face and gaze of an idle person. */
export function poseIdleFace(seed: number, seconds: number, attention: Attention, pose: Pose): void {
  poseMouth(seed, seconds, pose);
  poseEyes(seed, seconds, attention, pose);
  pose.values[GAZE_OFFSET] = attention.gazeYaw;
  pose.values[GAZE_OFFSET + 1] = attention.gazePitch;
}
