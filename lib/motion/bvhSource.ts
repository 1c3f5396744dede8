import { smooth } from '@/lib/core/easing';
import { BONE_COUNT } from '@/lib/pose/bones';
import { FACE_OFFSET, type Pose, ROTATIONS_OFFSET } from '@/lib/pose/pose';
import { slerpQuat } from '@/lib/pose/quat';
import { type PoseTrack, retargetBvh, TRACK_STRIDE } from './bvhRetarget';
import type { MotionSource } from './motionSource';
import { parseBvh } from './parseBvh';

/** How long the end of a clip blends into its start. */
const SEAM_SECONDS = 0.3;

/** Blends two rows, given by their positions in `a` and `b`, into the start of `out`. */
function blendRows(
  a: Float32Array,
  aAt: number,
  b: Float32Array,
  bAt: number,
  amount: number,
  out: Float32Array,
): void {
  for (let k = 0; k < ROTATIONS_OFFSET; k += 1) out[k] = a[aAt + k]! * (1 - amount) + b[bAt + k]! * amount;
  for (let bone = 0; bone < BONE_COUNT; bone += 1) {
    const at = ROTATIONS_OFFSET + bone * 4;
    slerpQuat(a, aAt + at, b, bAt + at, amount, out, at);
  }
}

/** Plays a track in an endless loop; the last 0.3 s are blended with the first, which hides the seam. */
export class TrackSource implements MotionSource {
  private readonly seamSeconds: number;
  private readonly periodSeconds: number;
  private readonly tail = new Float32Array(TRACK_STRIDE);

  constructor(private readonly track: PoseTrack) {
    const durationSeconds = (track.frameCount - 1) / track.fps;
    this.seamSeconds = Math.min(SEAM_SECONDS, durationSeconds / 2);
    this.periodSeconds = durationSeconds - this.seamSeconds;
  }

  /** How long one round takes. */
  get periodMs(): number {
    return this.periodSeconds * 1000;
  }

  sample(timeMs: number, out: Pose): Pose {
    const seconds = Number.isFinite(timeMs) ? Math.max(0, timeMs / 1000) : 0;
    const place = this.periodSeconds > 0 ? seconds % this.periodSeconds : 0;
    this.readAt(place, out.values);
    // In the first round nothing precedes the start.
    if (seconds >= this.periodSeconds && place < this.seamSeconds) this.blendTail(place, out.values);
    out.values.fill(0, FACE_OFFSET);
    out.parts = this.track.parts;
    return out;
  }

  private blendTail(place: number, values: Float32Array): void {
    this.readAt(this.periodSeconds + place, this.tail);
    blendRows(this.tail, 0, values, 0, smooth(place / this.seamSeconds), values);
  }

  private readAt(seconds: number, out: Float32Array): void {
    const { frames, fps, frameCount } = this.track;
    const place = Math.min(seconds * fps, frameCount - 1);
    const frame = Math.min(Math.floor(place), Math.max(0, frameCount - 2));
    const next = Math.min(frame + 1, frameCount - 1);
    blendRows(frames, frame * TRACK_STRIDE, frames, next * TRACK_STRIDE, place - frame, out);
  }
}

/** Makes a source that plays the text of a BVH file in a loop. @throws BvhError, with the line. */
export function createBvhSource(text: string): TrackSource {
  return new TrackSource(retargetBvh(parseBvh(text)));
}
