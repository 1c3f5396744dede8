import { BONE_COUNT } from '@/lib/pose/bones';
import { ROTATIONS_OFFSET } from '@/lib/pose/pose';

/** Numbers in one frame of a track: the hips' offset and all rotations, as they begin a pose. */
export const TRACK_STRIDE = ROTATIONS_OFFSET + BONE_COUNT * 4;

/** Recorded motion of a body at a steady rate. */
export interface PoseTrack {
  /** Frames in a second. */
  readonly fps: number;
  readonly frameCount: number;
  /** Which parts the track moves: a sum of `PosePart` bits. */
  readonly parts: number;
  /** `frameCount` rows of {@link TRACK_STRIDE}: hips x y z, then rotations x y z w a bone. */
  readonly frames: Float32Array;
}
