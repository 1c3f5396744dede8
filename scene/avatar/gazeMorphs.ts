import { ARKIT_INDEX } from '@/lib/pose/arkit';

/** Eye turn at which an `eyeLook*` weight is 1, radians: about what ARKit's own shapes reach. */
export const GAZE_FULL_YAW = 0.52;
export const GAZE_FULL_PITCH = 0.44;

const weight = (angle: number, full: number): number => Math.min(1, Math.max(0, angle / full));

/**
 * Writes the eight `eyeLook*` weights of a gaze into `weights` (ARKit order), from `offset` on.
 * `yaw` is positive to the avatar's left, `pitch` positive up, radians against the head.
 */
export function writeGazeMorphs(yaw: number, pitch: number, weights: Float32Array, offset = 0): void {
  const left = weight(yaw, GAZE_FULL_YAW);
  const right = weight(-yaw, GAZE_FULL_YAW);
  const up = weight(pitch, GAZE_FULL_PITCH);
  const down = weight(-pitch, GAZE_FULL_PITCH);
  weights[offset + ARKIT_INDEX.eyeLookOutLeft] = left;
  weights[offset + ARKIT_INDEX.eyeLookInRight] = left;
  weights[offset + ARKIT_INDEX.eyeLookInLeft] = right;
  weights[offset + ARKIT_INDEX.eyeLookOutRight] = right;
  weights[offset + ARKIT_INDEX.eyeLookUpLeft] = up;
  weights[offset + ARKIT_INDEX.eyeLookUpRight] = up;
  weights[offset + ARKIT_INDEX.eyeLookDownLeft] = down;
  weights[offset + ARKIT_INDEX.eyeLookDownRight] = down;
}
