import { ARKIT_INDEX } from './arkit';

/** Turn of the eyes at which an `eyeLook*` weight is 1, radians: about what ARKit's own shapes reach. */
export const GAZE_FULL_YAW = 0.52;
/** */
export const GAZE_FULL_PITCH = 0.44;

/**
 * Writes the eight `eyeLook*` weights of the gaze at `gazeAt` of `values` into `weights` (ARKit order), from `offset`
 * on. The gaze is a yaw, positive to the avatar's left, and a pitch, positive up, radians against the head.
 */
export function writeGazeMorphs(values: Float32Array, gazeAt: number, weights: Float32Array, offset = 0): void {
  const yaw = Math.min(1, Math.max(-1, values[gazeAt]! / GAZE_FULL_YAW));
  const pitch = Math.min(1, Math.max(-1, values[gazeAt + 1]! / GAZE_FULL_PITCH));
  const left = Math.max(0, yaw);
  const right = Math.max(0, -yaw);
  const up = Math.max(0, pitch);
  const down = Math.max(0, -pitch);
  weights[offset + ARKIT_INDEX.eyeLookOutLeft] = left;
  weights[offset + ARKIT_INDEX.eyeLookInRight] = left;
  weights[offset + ARKIT_INDEX.eyeLookInLeft] = right;
  weights[offset + ARKIT_INDEX.eyeLookOutRight] = right;
  weights[offset + ARKIT_INDEX.eyeLookUpLeft] = up;
  weights[offset + ARKIT_INDEX.eyeLookUpRight] = up;
  weights[offset + ARKIT_INDEX.eyeLookDownLeft] = down;
  weights[offset + ARKIT_INDEX.eyeLookDownRight] = down;
}
