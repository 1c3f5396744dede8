import type { TrackSource } from '@/lib/motion/bvhSource';
import type { MotionSource } from '@/lib/motion/motionSource';
import { BODY_BONE_COUNT } from '@/lib/pose/bones';
import { createPose, type Pose, PosePart, ROTATIONS_OFFSET, resetPose } from '@/lib/pose/pose';
import { copyQuat, nlerpQuat } from '@/lib/pose/quat';
import type { Say } from '../benchResult';
import { type Reading, readBvhFolder } from '../motion/bvhFolder';
import { type MadeClip, madeClips } from '../motion/madeClips';

/** Numbers of a body's rotations: x y z w for each of the 22 body bones. */
export const BODY_LENGTH = BODY_BONE_COUNT * 4;

/** Samples kept a second: twice the rendered frames, so that motion between two is as good as straight. */
const SAMPLE_HZ = 120;

/** The true motion at any moment, against which players are measured. */
export class Truth {
  readonly durationMs: number;
  private readonly bodies: Float32Array;
  private readonly count: number;

  constructor(
    readonly name: string,
    private readonly source: MotionSource,
    durationMs: number,
  ) {
    this.count = Math.max(2, Math.floor((durationMs / 1000) * SAMPLE_HZ));
    this.durationMs = ((this.count - 1) * 1000) / SAMPLE_HZ;
    this.bodies = new Float32Array(this.count * BODY_LENGTH);
    const pose = createPose();
    for (let k = 0; k < this.count; k += 1) {
      source.sample((k * 1000) / SAMPLE_HZ, pose);
      this.bodies.set(pose.values.subarray(ROTATIONS_OFFSET, ROTATIONS_OFFSET + BODY_LENGTH), k * BODY_LENGTH);
    }
  }

  /** Writes the whole pose at `timeMs` into `out`, as a sender captures it. */
  sample(timeMs: number, out: Pose): Pose {
    return this.source.sample(timeMs, out);
  }

  /** Writes the body's rotations at `timeMs` into `out` ({@link BODY_LENGTH} numbers); the ends hold. */
  bodyAt(timeMs: number, out: Float32Array): void {
    const place = Math.max(0, Math.min(this.count - 1, (timeMs / 1000) * SAMPLE_HZ));
    const row = Math.min(this.count - 2, Math.floor(place));
    const from = row * BODY_LENGTH;
    for (let at = 0; at < BODY_LENGTH; at += 4) {
      nlerpQuat(this.bodies, from + at, this.bodies, from + BODY_LENGTH + at, place - row, out, at);
    }
  }
}

/** Copies the body's rotations of `pose` into `out` at `outAt`. */
export function copyBody(pose: Pose, out: Float32Array, outAt: number): void {
  for (let at = 0; at < BODY_LENGTH; at += 4) copyQuat(pose.values, ROTATIONS_OFFSET + at, out, outAt + at);
}

/** Longer clips would outweigh the others. */
const CLIP_MAX_MS = 30_000;
/** Shorter clips would end before anything is measured. */
const CLIP_MIN_MS = 4_000;

function madeSource(clip: MadeClip): MotionSource {
  return {
    sample(timeMs, out) {
      clip.pose(timeMs / 1000, resetPose(out));
      out.parts = PosePart.hips | PosePart.upperBody | PosePart.legs;
      return out;
    },
  };
}

function recordedTruth(name: string, source: TrackSource): Reading<Truth> {
  const truth = new Truth(name, source, Math.min(source.periodMs, CLIP_MAX_MS));
  return truth.durationMs >= CLIP_MIN_MS ? { made: truth } : { leftOut: `shorter than ${CLIP_MIN_MS / 1000} s` };
}

/**
 * The motion to play: the BVH files of `clipsDir` at their own rate, or generated clips.
 * @throws UsageError if the folder has no file that can be used
 */
export function loadTruths(clipsDir: string | null, say: Say): Truth[] {
  if (clipsDir !== null) return readBvhFolder(clipsDir, recordedTruth, say);
  return madeClips().map((clip) => new Truth(clip.name, madeSource(clip), Math.min(clip.seconds * 1000, CLIP_MAX_MS)));
}
