import { ARKIT_INDEX } from '@/lib/pose/arkit';
import type { BoneName } from '@/lib/pose/bones';
import { FACE_OFFSET } from '@/lib/pose/pose';
import { mulQuat, quatFromAngles } from '@/lib/pose/quat';
import { rotationOf } from './poseBlend';
import { seedAt } from './seedOf';

const DEGREES = Math.PI / 180;
/** Breaths a second of a person at rest. */
const BREATH_HZ = 0.24;
/** How often the head drifts to a new place. */
const DRIFT_HZ = 0.07;
/** 15 to 20 blinks a minute, as of seated people who listen. */
const BLINK_SLOT_MS = 3400;
const BLINK_MS = 270;
/** Lids close fast and open slowly. */
const LIDS_CLOSED_AT = 0.33;

const turn = new Float32Array(4);
/** Bow, yaw and tilt of the next bone to turn, degrees. In an array, since V8 boxes numbers that are passed. */
const angles = new Float64Array(3);
/** The same in radians. */
const turnRad = new Float64Array(3);
/** How far the lids close, 0 to 1. */
const lids = new Float64Array(1);
/** The drifts of the person being written, by channel. */
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
  for (let axis = 0; axis < 3; axis += 1) turnRad[axis] = angles[axis]! * DEGREES;
  quatFromAngles(turnRad, 'YXZ', turn, 0);
  mulQuat(values, at, turn, 0, values, at);
}

/**
 * The motion of a person at rest: breath, blinks and small motions of the head, different for each person. Allocates
 * nothing: numbers pass through fields and arrays.
 */
export class IdleLife {
  private timeMs = 0;
  private blinkSlot = Number.NaN;
  private blinkFromMs = 0;

  /** `seed` 0 to 1 makes people differ. */
  constructor(private readonly seed: number) {}

  advance(deltaMs: number): void {
    this.timeMs += deltaMs;
  }

  /** Turns the bones of `values` further and closes the lids: a function of only the elapsed time and the seed. */
  write(values: Float32Array): void {
    this.drift();
    const breath = Math.sin(2 * Math.PI * ((BREATH_HZ * this.timeMs) / 1000 + this.seed));
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
    this.blink(values);
  }

  /** Slow drifts from -1 to 1 that never repeat, one for each channel. */
  private drift(): void {
    const turns = (this.timeMs / 1000) * DRIFT_HZ + this.seed * 7;
    for (let channel = 0; channel < drifts.length; channel += 1) {
      const phase = 2 * Math.PI * (turns + channel * 0.37);
      drifts[channel] = 0.6 * Math.sin(phase) + 0.4 * Math.sin(phase * 2.618 + channel);
    }
  }

  private blink(values: Float32Array): void {
    const slot = Math.floor(this.timeMs / BLINK_SLOT_MS);
    if (slot !== this.blinkSlot) this.planBlink(slot);
    const t = (this.timeMs - this.blinkFromMs) / BLINK_MS;
    if (t <= 0 || t >= 1) return;
    const closed = t < LIDS_CLOSED_AT ? t / LIDS_CLOSED_AT : (1 - t) / (1 - LIDS_CLOSED_AT);
    // `smooth`, written out for the same reason.
    lids[0] = closed * closed * (3 - 2 * closed);
    lowerLids(values);
  }

  private planBlink(slot: number): void {
    this.blinkSlot = slot;
    this.blinkFromMs = slot * BLINK_SLOT_MS + seedAt(this.seed, slot) * (BLINK_SLOT_MS - BLINK_MS);
  }
}

/** Closes the lids by at least the share in `lids`. */
function lowerLids(values: Float32Array): void {
  values[LEFT_LID] = Math.max(values[LEFT_LID]!, lids[0]!);
  values[RIGHT_LID] = Math.max(values[RIGHT_LID]!, lids[0]!);
}

/** Bow of a person whose attention is elsewhere, degrees, and how far their lids close. */
const AWAY_BOW = { spine: 3, neck: 9, head: 13 } as const;
const AWAY_LIDS = 0.3;

/** Lowers head and lids of a person whose page is hidden, in place: `share` 0 not at all, 1 fully. */
export function writeAway(values: Float32Array, share: number): void {
  angles.fill(0);
  angles[0] = AWAY_BOW.spine * share;
  turnBone(values, SPINE);
  angles[0] = AWAY_BOW.neck * share;
  turnBone(values, NECK);
  angles[0] = AWAY_BOW.head * share;
  turnBone(values, HEAD);
  lids[0] = AWAY_LIDS * share;
  lowerLids(values);
}
