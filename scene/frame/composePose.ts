import { smooth } from '@/lib/core/easing';
import { ARKIT_COUNT } from '@/lib/pose/arkit';
import { BONE_PARTS } from '@/lib/pose/boneParts';
import { BONE_COUNT, BONE_INDEX } from '@/lib/pose/bones';
import { ALL_PARTS, FACE_OFFSET, GAZE_OFFSET, HIPS_OFFSET, POSE_LENGTH, type Pose, PosePart } from '@/lib/pose/pose';
import { blendRange, blendRotation, copyRange, copyRotation, rotationAt } from './poseBlend';

const FIRST_LEG = BONE_INDEX.leftUpperLeg;
const LAST_LEG = BONE_INDEX.rightToes;

/** The farthest that a standing person may leave their place, metres. */
export const STANDING_RADIUS = 0.35;

/** Fills `out` with the sent `parts`, and with `rest` for the others. */
export function fillAbsentParts(sent: Pose, parts: number, rest: Pose, out: Pose): void {
  for (let bone = 0; bone < BONE_COUNT; bone += 1) {
    const from = parts & BONE_PARTS[bone]! ? sent : rest;
    copyRotation(from.values, out.values, rotationAt(bone));
  }
  copyRange((parts & PosePart.hips ? sent : rest).values, out.values, HIPS_OFFSET, 3);
  copyRange((parts & PosePart.face ? sent : rest).values, out.values, FACE_OFFSET, ARKIT_COUNT);
  copyRange((parts & PosePart.gaze ? sent : rest).values, out.values, GAZE_OFFSET, 2);
  out.parts = parts;
}

/** Keeps the hips of a standing person within {@link STANDING_RADIUS} of their place; height stays as sent. */
export function clampStandingHips(values: Float32Array): void {
  const x = values[HIPS_OFFSET]!;
  const z = values[HIPS_OFFSET + 2]!;
  // Not Math.hypot: V8 boxes its numbers.
  const distance = Math.sqrt(x * x + z * z);
  if (distance <= STANDING_RADIUS) return;
  values[HIPS_OFFSET] = (x / distance) * STANDING_RADIUS;
  values[HIPS_OFFSET + 2] = (z / distance) * STANDING_RADIUS;
}

/** Blends hips and legs from `seated` (0) to `standing` (1) into `out`; leaves all other bones alone. */
export function blendStance(seated: Float32Array, standing: Float32Array, t: number, out: Float32Array): void {
  for (let bone = FIRST_LEG; bone <= LAST_LEG; bone += 1) blendRotation(seated, standing, t, out, rotationAt(bone));
  for (let i = 0; i < 3; i += 1) {
    const at = HIPS_OFFSET + i;
    out[at] = seated[at]! + (standing[at]! - seated[at]!) * t;
  }
}

const PART_COUNT = Math.log2(ALL_PARTS + 1);

/** Index of a part's bit. */
const indexOf = (part: number): number => Math.log2(part);

const HIPS = indexOf(PosePart.hips);
const FACE = indexOf(PosePart.face);
const GAZE = indexOf(PosePart.gaze);
const PART_OF_BONE = BONE_PARTS.map(indexOf);

/**
 * Eases a body part by part: a part that starts to follow something else (its sender fell silent or came back, or the
 * webcam lost sight of a hand) starts from where it was last drawn, so that it never jumps. Allocates nothing.
 */
export class PartFades {
  private readonly from = new Float32Array(POSE_LENGTH);
  private readonly shares = new Float32Array(PART_COUNT).fill(1);
  private readonly timesMs = new Float32Array(PART_COUNT).fill(1);

  /** Lets `parts` (bits) start from where they are in `shown`, to arrive in `timeMs`. */
  restart(parts: number, shown: Float32Array, timeMs: number): void {
    for (let part = 0; part < PART_COUNT; part += 1) {
      if ((parts & (1 << part)) === 0) continue;
      this.shares[part] = 0;
      this.timesMs[part] = timeMs;
    }
    this.leaveFrom(parts, shown);
  }

  advance(deltaMs: number): void {
    for (let part = 0; part < PART_COUNT; part += 1) {
      this.shares[part] = Math.min(1, this.shares[part]! + deltaMs / this.timesMs[part]!);
    }
  }

  /** How far a part (a bit) has come, 0 to 1, eased at both ends. */
  shareOf(part: number): number {
    return smooth(this.shares[indexOf(part)]!);
  }

  /** Whether every part has arrived. */
  get isDone(): boolean {
    for (let part = 0; part < PART_COUNT; part += 1) if (this.shares[part]! < 1) return false;
    return true;
  }

  /** Writes every part into `out` as far as it has come towards `goal`; exactly `goal` where it has arrived. */
  blend(goal: Float32Array, out: Float32Array): void {
    const { from, shares } = this;
    for (let bone = 0; bone < BONE_COUNT; bone += 1) {
      blendRotation(from, goal, smooth(shares[PART_OF_BONE[bone]!]!), out, rotationAt(bone));
    }
    blendRange(from, goal, smooth(shares[HIPS]!), out, HIPS_OFFSET, 3);
    blendRange(from, goal, smooth(shares[FACE]!), out, FACE_OFFSET, ARKIT_COUNT);
    blendRange(from, goal, smooth(shares[GAZE]!), out, GAZE_OFFSET, 2);
  }

  private leaveFrom(parts: number, shown: Float32Array): void {
    const { from } = this;
    for (let bone = 0; bone < BONE_COUNT; bone += 1) {
      if (parts & BONE_PARTS[bone]!) copyRotation(shown, from, rotationAt(bone));
    }
    if (parts & PosePart.hips) copyRange(shown, from, HIPS_OFFSET, 3);
    if (parts & PosePart.face) copyRange(shown, from, FACE_OFFSET, ARKIT_COUNT);
    if (parts & PosePart.gaze) copyRange(shown, from, GAZE_OFFSET, 2);
  }
}
