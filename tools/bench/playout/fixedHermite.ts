import { FrameRing } from '@/lib/playout/frameRing';
import { SenderClock } from '@/lib/playout/playoutClock';
import { PosePath } from '@/lib/playout/posePath';
import type { Pose } from '@/lib/pose/pose';
import type { Player } from './player';

const FRAMES = 64;
/** What the delay leaves for jitter, beside one frame's time. */
const MARGIN_MS = 67;

/** Cubic on the sender's time with a delay that never changes; holds the newest pose where nothing came. */
export class FixedHermite implements Player {
  playedMs: number | null = Number.NaN;
  private readonly ring = new FrameRing(FRAMES);
  private readonly clock = new SenderClock();
  private readonly path = new PosePath(this.ring);
  private readonly delayMs: number;

  constructor(fps: number) {
    this.delayMs = 1000 / fps + MARGIN_MS;
  }

  push(pose: Pose, senderMs: number, arrivalMs: number): void {
    this.clock.note(senderMs, arrivalMs);
    this.ring.insert(pose, senderMs);
  }

  render(nowMs: number, out: Pose): boolean {
    if (this.ring.count === 0) return false;
    const wantedMs = nowMs - this.clock.offsetMs - this.delayMs;
    this.playedMs = Math.max(wantedMs, this.playedMs || Number.NEGATIVE_INFINITY);
    this.path.read(Math.min(this.playedMs, this.ring.newestMs), out);
    return true;
  }
}
