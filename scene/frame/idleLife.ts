import { ARKIT_INDEX } from '@/lib/pose/arkit';
import type { BoneName } from '@/lib/pose/bones';
import { FACE_OFFSET } from '@/lib/pose/pose';
import { type EulerOrder, mulQuat, quatFromEuler } from '@/lib/pose/quat';
import { rotationOf, smooth } from './poseBlend';
import { seedAt } from './seedOf';

const DEGREES = Math.PI / 180;
/** Breaths a second of somebody who rests. */
const BREATH_HZ = 0.24;
/** A new place for the head about this often. */
const DRIFT_HZ = 0.07;
/** 15 to 20 blinks a minute, as seated people do while they listen. */
const BLINK_SLOT_MS = 3400;
const BLINK_MS = 270;
/** Lids close fast and open slowly. */
const LIDS_CLOSED_AT = 0.33;

const ORDER: EulerOrder = 'YXZ';
const turn = new Float32Array(4);

const SPINE = rotationOf('spine');
const CHEST = rotationOf('chest');
const UPPER_CHEST = rotationOf('upperChest');
const NECK = rotationOf('neck');
const HEAD = rotationOf('head');
const LEFT_SHOULDER = rotationOf('leftShoulder' satisfies BoneName);
const RIGHT_SHOULDER = rotationOf('rightShoulder' satisfies BoneName);
const LEFT_LID = FACE_OFFSET + ARKIT_INDEX.eyeBlinkLeft;
const RIGHT_LID = FACE_OFFSET + ARKIT_INDEX.eyeBlinkRight;

/** Turns a bone further: bow forward, yaw to the left, tilt; degrees. */
function turnBone(values: Float32Array, at: number, bow: number, yaw: number, tilt: number): void {
  quatFromEuler(bow * DEGREES, yaw * DEGREES, tilt * DEGREES, ORDER, turn, 0);
  mulQuat(values, at, turn, 0, values, at);
}

/** Slow, never repeating drift from -1 to 1. */
function drift(seconds: number, seed: number, channel: number): number {
  const phase = 2 * Math.PI * (seconds * DRIFT_HZ + seed * 7 + channel * 0.37);
  return 0.6 * Math.sin(phase) + 0.4 * Math.sin(phase * 2.618 + channel);
}

/** How far a blink has shut the lids, 0 to 1. */
export function blinkAt(timeMs: number, seed: number): number {
  const slot = Math.floor(timeMs / BLINK_SLOT_MS);
  const startMs = seedAt(seed, slot) * (BLINK_SLOT_MS - BLINK_MS);
  const t = (timeMs - slot * BLINK_SLOT_MS - startMs) / BLINK_MS;
  if (t <= 0 || t >= 1) return 0;
  return smooth(t < LIDS_CLOSED_AT ? t / LIDS_CLOSED_AT : (1 - t) / (1 - LIDS_CLOSED_AT));
}

/** Lets somebody at rest breathe, blink and move the head a little, in place. A function of time and `seed` alone. */
export function writeIdleLife(values: Float32Array, timeMs: number, seed: number): void {
  const seconds = timeMs / 1000;
  const breath = Math.sin(2 * Math.PI * (BREATH_HZ * seconds + seed));
  turnBone(values, SPINE, 0.5 * drift(seconds, seed, 1), 0.7 * drift(seconds, seed, 2), 0);
  turnBone(values, CHEST, -0.8 * breath, 0, 0.5 * drift(seconds, seed, 3));
  turnBone(values, UPPER_CHEST, -0.8 * breath, 0, 0);
  turnBone(values, LEFT_SHOULDER, 0, 0, 0.8 * breath);
  turnBone(values, RIGHT_SHOULDER, 0, 0, -0.8 * breath);
  turnBone(values, NECK, 0.7 * breath + drift(seconds, seed, 4), 1.5 * drift(seconds, seed, 5), 0);
  turnBone(values, HEAD, drift(seconds, seed, 6), 2 * drift(seconds, seed, 5), 1.2 * drift(seconds, seed, 7));
  const lids = blinkAt(timeMs, seed);
  values[LEFT_LID] = Math.max(values[LEFT_LID]!, lids);
  values[RIGHT_LID] = Math.max(values[RIGHT_LID]!, lids);
}

/** Bow of somebody whose mind is elsewhere, degrees, and how far their lids hang. */
const AWAY_BOW = { spine: 3, neck: 9, head: 13 } as const;
const AWAY_LIDS = 0.3;

/** Lowers head and lids of somebody whose page is hidden, in place: `share` 0 not at all, 1 in full. */
export function writeAway(values: Float32Array, share: number): void {
  if (share <= 0) return;
  turnBone(values, SPINE, AWAY_BOW.spine * share, 0, 0);
  turnBone(values, NECK, AWAY_BOW.neck * share, 0, 0);
  turnBone(values, HEAD, AWAY_BOW.head * share, 0, 0);
  values[LEFT_LID] = Math.max(values[LEFT_LID]!, AWAY_LIDS * share);
  values[RIGHT_LID] = Math.max(values[RIGHT_LID]!, AWAY_LIDS * share);
}
