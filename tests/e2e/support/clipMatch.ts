import type { MotionSource } from '@/lib/motion/motionSource';
import { BODY_BONE_COUNT } from '@/lib/pose/bones';
import { createPose, ROTATIONS_OFFSET } from '@/lib/pose/pose';

/** Bones as drawn (x y z w of each of the 52) and the sender's wall-clock time of that pose. */
export interface DrawnMoment {
  readonly bones: readonly number[];
  readonly shownMs: number;
}

const scratch = createPose();

/** Mean angle, in degrees, between the drawn body bones and those of `source` at `clipMs`. */
export function meanErrorDeg(bones: readonly number[], source: MotionSource, clipMs: number): number {
  source.sample(clipMs, scratch);
  let sum = 0;
  for (let bone = 0; bone < BODY_BONE_COUNT; bone += 1) {
    let dot = 0;
    for (let axis = 0; axis < 4; axis += 1) {
      dot += bones[bone * 4 + axis]! * scratch.values[ROTATIONS_OFFSET + bone * 4 + axis]!;
    }
    sum += 2 * Math.acos(Math.min(1, Math.abs(dot)));
  }
  return (sum / BODY_BONE_COUNT) * (180 / Math.PI);
}

/** Wall-clock time at which the sender's clip started, fitted to one moment in steps of 5 ms. */
export function findClipStartMs(moment: DrawnMoment, source: MotionSource, periodMs: number): number {
  let best = { errorDeg: Number.POSITIVE_INFINITY, clipMs: 0 };
  for (let clipMs = 0; clipMs < periodMs; clipMs += 5) {
    const errorDeg = meanErrorDeg(moment.bones, source, clipMs);
    if (errorDeg < best.errorDeg) best = { errorDeg, clipMs };
  }
  return moment.shownMs - best.clipMs;
}
