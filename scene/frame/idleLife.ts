import { ARKIT_INDEX } from '@/lib/pose/arkit';
import type { BoneName } from '@/lib/pose/bones';
import { FACE_OFFSET } from '@/lib/pose/pose';
import { mulQuat } from '@/lib/pose/quat';
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

const turn = new Float32Array(4);
/** Bow, yaw and tilt of the bone turned next, degrees. In an array, since V8 boxes numbers that are passed. */
const angles = new Float64Array(3);
/** The drifts of {@link writeDrifts}, by channel. */
const drifts = new Float64Array(8);

const SPINE = rotationOf('spine');
const CHEST = rotationOf('chest');
const UPPER_CHEST = rotationOf('upperChest');
const NECK = rotationOf('neck');
const HEAD = rotationOf('head');
const LEFT_SHOULDER = rotationOf('leftShoulder' satisfies BoneName);
const RIGHT_SHOULDER = rotationOf('rightShoulder' satisfies BoneName);
const LEFT_LID = FACE_OFFSET + ARKIT_INDEX.eyeBlinkLeft;
const RIGHT_LID = FACE_OFFSET + ARKIT_INDEX.eyeBlinkRight;

/** Turns a bone further by `angles`: bow forward, yaw to the left, tilt; intrinsic, in the order YXZ. */
function turnBone(values: Float32Array, at: number): void {
  const bow = angles[0]! * DEGREES * 0.5;
  const yaw = angles[1]! * DEGREES * 0.5;
  const tilt = angles[2]! * DEGREES * 0.5;
  const sx = Math.sin(bow);
  const cx = Math.cos(bow);
  const sy = Math.sin(yaw);
  const cy = Math.cos(yaw);
  const sz = Math.sin(tilt);
  const cz = Math.cos(tilt);
  turn[0] = sx * cy * cz + cx * sy * sz;
  turn[1] = cx * sy * cz - sx * cy * sz;
  turn[2] = cx * cy * sz - sx * sy * cz;
  turn[3] = cx * cy * cz + sx * sy * sz;
  mulQuat(values, at, turn, 0, values, at);
}

/** Slow, never repeating drifts from -1 to 1, one a channel. */
function writeDrifts(seconds: number, seed: number): void {
  for (let channel = 0; channel < drifts.length; channel += 1) {
    const phase = 2 * Math.PI * (seconds * DRIFT_HZ + seed * 7 + channel * 0.37);
    drifts[channel] = 0.6 * Math.sin(phase) + 0.4 * Math.sin(phase * 2.618 + channel);
  }
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
  writeDrifts(seconds, seed);
  angles[0] = 0.5 * drifts[1]!;
  angles[1] = 0.7 * drifts[2]!;
  angles[2] = 0;
  turnBone(values, SPINE);
  angles[0] = -0.8 * breath;
  angles[1] = 0;
  turnBone(values, UPPER_CHEST);
  angles[2] = 0.5 * drifts[3]!;
  turnBone(values, CHEST);
  angles[0] = 0;
  angles[2] = 0.8 * breath;
  turnBone(values, LEFT_SHOULDER);
  angles[2] = -0.8 * breath;
  turnBone(values, RIGHT_SHOULDER);
  angles[0] = 0.7 * breath + drifts[4]!;
  angles[1] = 1.5 * drifts[5]!;
  angles[2] = 0;
  turnBone(values, NECK);
  angles[0] = drifts[6]!;
  angles[1] = 2 * drifts[5]!;
  angles[2] = 1.2 * drifts[7]!;
  turnBone(values, HEAD);
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
  angles.fill(0);
  angles[0] = AWAY_BOW.spine * share;
  turnBone(values, SPINE);
  angles[0] = AWAY_BOW.neck * share;
  turnBone(values, NECK);
  angles[0] = AWAY_BOW.head * share;
  turnBone(values, HEAD);
  values[LEFT_LID] = Math.max(values[LEFT_LID]!, AWAY_LIDS * share);
  values[RIGHT_LID] = Math.max(values[RIGHT_LID]!, AWAY_LIDS * share);
}
