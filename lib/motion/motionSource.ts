import type { Pose } from '@/lib/pose/pose';

/** Something that moves a body: a clip, an idle animation, a webcam. */
export interface MotionSource {
  /** Writes the pose at `timeMs` since the source started to `out` and returns it. Allocates nothing. */
  sample(timeMs: number, out: Pose): Pose;
}
