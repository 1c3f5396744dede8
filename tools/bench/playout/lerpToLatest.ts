import { blendPoses } from '@/lib/pose/blendPoses';
import { copyPose, createPose, type Pose } from '@/lib/pose/pose';
import type { Player } from './player';

/** Goes from what is drawn to the newest pose in the time of one frame, as most games' examples do. */
export class LerpToLatest implements Player {
  readonly playedMs = null;
  private readonly from = createPose();
  private readonly to = createPose();
  private readonly drawn = createPose();
  private startMs = Number.NaN;

  constructor(private readonly fps: number) {}

  push(pose: Pose, _senderMs: number, arrivalMs: number): void {
    copyPose(Number.isNaN(this.startMs) ? pose : this.drawn, this.from);
    copyPose(pose, this.to);
    this.startMs = arrivalMs;
  }

  render(nowMs: number, out: Pose): boolean {
    if (Number.isNaN(this.startMs)) return false;
    blendPoses(this.from, this.to, Math.min(1, ((nowMs - this.startMs) * this.fps) / 1000), out);
    copyPose(out, this.drawn);
    return true;
  }
}
