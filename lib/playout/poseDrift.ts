import { copyPose, type Pose } from '@/lib/pose/pose';
import type { TimedPose } from './frameRing';
import {
  createTangent,
  GAZE_AT,
  moveAlong,
  type PoseTangent,
  TANGENT_LENGTH,
  TANGENT_PARTS,
  tangentBetween,
  WEIGHTS_AT,
} from './poseTangent';

/** How soon a guessed motion dies away, ms: bodies swing on for longer than faces. */
const BODY_DAMPING_MS = 300;
const FACE_DAMPING_MS = 60;

/** The milliseconds of undamped motion that `aheadMs` of damped motion come to. */
function dampedMs(aheadMs: number, dampingMs: number): number {
  return dampingMs * (1 - Math.exp(-aheadMs / dampingMs));
}

/** Speeds a millisecond on the straight way from one frame to the next, 0 for parts that not both have. */
function secantSpeeds(from: TimedPose, to: TimedPose, out: PoseTangent): void {
  tangentBetween(from.pose, to.pose, out);
  const parts = from.pose.parts & to.pose.parts;
  const durationMs = to.timeMs - from.timeMs;
  for (let k = 0; k < TANGENT_LENGTH; k += 1) out[k] = (parts & TANGENT_PARTS[k]!) === 0 ? 0 : out[k]! / durationMs;
}

/** What a body probably does after its newest frame: goes on as it went, ever slower. */
export class PoseDrift {
  private newest: TimedPose | null = null;
  private readonly speeds = createTangent();
  private readonly place = createTangent();

  /** Goes on from `newest`; without a frame `before` it nothing moves. */
  prepare(before: TimedPose | null, newest: TimedPose): void {
    this.newest = newest;
    if (before) secantSpeeds(before, newest, this.speeds);
    else this.speeds.fill(0);
  }

  /** Writes the pose `aheadMs` after the newest frame into `out`. */
  at(aheadMs: number, out: Pose): void {
    const { newest, speeds, place } = this;
    if (!newest) return;
    const bodyMs = dampedMs(aheadMs, BODY_DAMPING_MS);
    const faceMs = dampedMs(aheadMs, FACE_DAMPING_MS);
    for (let k = 0; k < TANGENT_LENGTH; k += 1) {
      place[k] = speeds[k]! * (k >= WEIGHTS_AT && k < GAZE_AT ? faceMs : bodyMs);
    }
    copyPose(newest.pose, out);
    moveAlong(out, place, out);
  }
}
