import { ARKIT_COUNT } from '@/lib/pose/arkit';
import { BONE_PARTS } from '@/lib/pose/boneParts';
import { BONE_COUNT, BONE_INDEX } from '@/lib/pose/bones';
import { FACE_OFFSET, GAZE_OFFSET, HIPS_OFFSET, type Pose, PosePart } from '@/lib/pose/pose';
import { blendRotation, copyRange, copyRotation, rotationAt } from './poseBlend';

const FIRST_LEG = BONE_INDEX.leftUpperLeg;
const LAST_LEG = BONE_INDEX.rightToes;

/** Farthest a standing person may leave their place, metres. */
export const STANDING_RADIUS = 0.35;

/** Fills `out` with those `parts` of what was sent, and with `rest` for the others. */
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
  // Not Math.hypot, for which V8 boxes its numbers.
  const distance = Math.sqrt(x * x + z * z);
  if (distance <= STANDING_RADIUS) return;
  values[HIPS_OFFSET] = (x / distance) * STANDING_RADIUS;
  values[HIPS_OFFSET + 2] = (z / distance) * STANDING_RADIUS;
}

/** Blends hips and legs from `seated` (0) to `standing` (1) into `out`; every other bone is left alone. */
export function blendStance(seated: Float32Array, standing: Float32Array, t: number, out: Float32Array): void {
  for (let bone = FIRST_LEG; bone <= LAST_LEG; bone += 1) blendRotation(seated, standing, t, out, rotationAt(bone));
  for (let i = 0; i < 3; i += 1) {
    const at = HIPS_OFFSET + i;
    out[at] = seated[at]! + (standing[at]! - seated[at]!) * t;
  }
}
