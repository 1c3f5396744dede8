import { Playout } from '@/lib/playout/playout';
import type { Pose } from '@/lib/pose/pose';
import type { Player } from './player';

/** The project's own playout. */
export class ParleyPlayer implements Player {
  playedMs: number | null = Number.NaN;
  private readonly playout = new Playout();

  push(pose: Pose, senderMs: number, arrivalMs: number): void {
    this.playout.push(pose, senderMs, arrivalMs);
  }

  render(nowMs: number, out: Pose): boolean {
    const state = this.playout.sample(nowMs, out);
    this.playedMs = this.playout.playedMs;
    return state !== 'none';
  }
}
