import { copyPose, createPose, type Pose } from '@/lib/pose/pose';
import type { Player } from './player';

/** Draws the newest pose, whenever it came. */
export class HoldLast implements Player {
  readonly playedMs = null;
  private readonly newest = createPose();
  private hasAny = false;

  push(pose: Pose): void {
    copyPose(pose, this.newest);
    this.hasAny = true;
  }

  render(_nowMs: number, out: Pose): boolean {
    if (this.hasAny) copyPose(this.newest, out);
    return this.hasAny;
  }
}
