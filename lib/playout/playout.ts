import { blendPoses } from '@/lib/pose/blendPoses';
import { copyPose, type Pose } from '@/lib/pose/pose';
import { FrameRing } from './frameRing';
import { PlayoutDelay } from './playoutDelay';
import { RateMeter } from './rateMeter';
import { SenderClock } from './senderClock';

/** Moving, silent for too long, or nothing received yet. */
export type PlayoutState = 'live' | 'stale' | 'none';

/** What can be told of one sender's playout. */
export interface PlayoutStats {
  /** How far behind the quickest frame the sender is played. */
  readonly delayMs: number;
  /** Age of the pose that would be drawn now, less the quickest way of the network; 0 before the first. */
  readonly ageMs: number;
  /** Frames received a second, over the last two. */
  readonly poseFps: number;
  /** Frames received in all. */
  readonly received: number;
  /** Frames that came twice, or too late to be placed. */
  readonly discarded: number;
}

const FRAMES = 64;
const STALE_AFTER_MS = 1000;
/** A sender whose time steps back this far has restarted its clock. */
const RESTART_BACK_MS = 1000;
/** Forward steps this far ahead of the clock's own mapping too: no frame can be quicker than the quickest by that. */
const RESTART_AHEAD_MS = 5000;

/** Playing may run this much slower or faster to come back to its delay; not seen as slow motion. */
const RATE_MIN = 0.9;
const RATE_MAX = 1.25;
/** Correction of the rate by a millisecond of error. */
const RATE_PER_MS = 0.003;
/** Beyond this error (a tab that slept, a long stall) playing jumps. */
const JUMP_MS = 1000;

/**
 * Plays one sender's frames smoothly: on the sender's own time, a little late, so that the next frame is there when it
 * is needed. Late frames hold the newest pose, and playing then runs a little faster until it has caught up.
 * `push` comes from the network, `sample` from the frame loop; neither allocates.
 */
export class Playout {
  private readonly ring = new FrameRing(FRAMES);
  private readonly clock = new SenderClock();
  private readonly delay = new PlayoutDelay();
  private readonly rate = new RateMeter();
  private cursorMs = Number.NaN;
  private sampledMs = Number.NaN;
  private arrivedMs = Number.NaN;
  private received = 0;
  private discarded = 0;

  /** Takes a frame of sender time `senderMs` that arrived at `arrivalMs` on the local monotonic clock; copies `pose`. */
  push(pose: Pose, senderMs: number, arrivalMs: number): void {
    if (this.isRestart(senderMs, arrivalMs)) this.restart();
    const stepMs = senderMs - this.ring.newestMs;
    this.delay.note(this.clock.note(senderMs, arrivalMs), stepMs);
    this.rate.note(arrivalMs);
    this.arrivedMs = arrivalMs;
    this.received += 1;
    if (!this.ring.insert(pose, senderMs)) this.discarded += 1;
  }

  /** Writes the pose to draw at `nowMs` (local, monotonic) into `out`; leaves it alone for `none`. */
  sample(nowMs: number, out: Pose): PlayoutState {
    if (this.ring.count === 0) return 'none';
    this.moveCursor(nowMs);
    this.readAt(this.cursorMs, out);
    return nowMs - this.arrivedMs > STALE_AFTER_MS ? 'stale' : 'live';
  }

  stats(nowMs: number): PlayoutStats {
    const hasPlayed = Number.isFinite(this.cursorMs);
    return {
      delayMs: this.delay.delayMs,
      ageMs: hasPlayed ? Math.max(0, nowMs - this.clock.offsetMs - this.cursorMs) : 0,
      poseFps: this.rate.perSecond(nowMs),
      received: this.received,
      discarded: this.discarded,
    };
  }

  /** Makes ready for another sender; the counters go on. */
  restart(): void {
    this.ring.clear();
    this.clock.reset();
    this.delay.reset();
    this.cursorMs = Number.NaN;
    this.sampledMs = Number.NaN;
  }

  private isRestart(senderMs: number, arrivalMs: number): boolean {
    if (this.ring.count === 0) return false;
    const isFarBack = senderMs < this.ring.newestMs - RESTART_BACK_MS;
    const isFarAhead = senderMs > arrivalMs - this.clock.offsetMs + RESTART_AHEAD_MS;
    return isFarBack || isFarAhead;
  }

  private moveCursor(nowMs: number): void {
    const elapsedMs = Number.isNaN(this.sampledMs) ? 0 : Math.max(0, nowMs - this.sampledMs);
    this.sampledMs = Number.isNaN(this.sampledMs) ? nowMs : Math.max(nowMs, this.sampledMs);
    this.delay.advance(elapsedMs);
    const idealMs = nowMs - this.clock.offsetMs - this.delay.delayMs;
    const errorMs = idealMs - (this.cursorMs + elapsedMs);
    if (!(Math.abs(errorMs) <= JUMP_MS)) this.cursorMs = idealMs;
    else {
      const rate = Math.max(RATE_MIN, Math.min(RATE_MAX, 1 + RATE_PER_MS * errorMs));
      this.cursorMs += elapsedMs * rate;
    }
    this.cursorMs = Math.min(this.cursorMs, this.ring.newestMs);
  }

  private readAt(timeMs: number, out: Pose): void {
    const next = this.ring.indexAfter(timeMs);
    if (next === 0) copyPose(this.ring.at(0).pose, out);
    else if (next === this.ring.count) copyPose(this.ring.at(next - 1).pose, out);
    else {
      const from = this.ring.at(next - 1);
      const to = this.ring.at(next);
      blendPoses(from.pose, to.pose, (timeMs - from.timeMs) / (to.timeMs - from.timeMs), out);
    }
  }
}
