import { type Pose, PosePart, resetPose } from '@/lib/pose/pose';
import { type Attention, attentionAt, createAttention } from './idleAttention';
import { poseIdleBody } from './idleBody';
import { poseIdleFace } from './idleFace';
import type { MotionSource } from './motionSource';

/** What an idle person moves: everything but the legs, so that the avatar sits (rule P-8). */
export const IDLE_PARTS =
  PosePart.hips | PosePart.upperBody | PosePart.leftFingers | PosePart.rightFingers | PosePart.face | PosePart.gaze;

class IdleSource implements MotionSource {
  private readonly attention: Attention = createAttention();

  constructor(private readonly seed: number) {}

  sample(timeMs: number, out: Pose): Pose {
    const seconds = Number.isFinite(timeMs) ? timeMs / 1000 : 0;
    resetPose(out);
    attentionAt(this.seed, seconds, this.attention);
    poseIdleBody(this.seed, seconds, this.attention, out);
    poseIdleFace(this.seed, seconds, this.attention, out);
    out.parts = IDLE_PARTS;
    return out;
  }
}

/**
 * A person who sits at a table with the hands at its edge: breathes, shifts weight, blinks, glances about and sometimes
 * talks with small gestures. A function of the whole number `seed` and time alone, so any moment can be asked for.
 */
export function createIdleSource(seed: number): MotionSource {
  return new IdleSource(seed | 0);
}
