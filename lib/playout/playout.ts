import { RateMeter } from '@/lib/core/rateMeter';
import { createPose, type Pose } from '@/lib/pose/pose';
import { FrameRing } from './frameRing';
import { PlayoutCursor, SenderClock } from './playoutClock';
import { PlayoutDelay } from './playoutDelay';
import { PoseCurve } from './poseCurve';
import { PoseEasing } from './poseEasing';

/**
 * Whether a person moves, has been silent for too long (the scene eases them to rest), or nothing has been received
 * yet.
 */
export type PlayoutState = 'live' | 'stale' | 'none';

/** Figures of one sender's playout. */
export interface PlayoutStats {
  /** How far behind the quickest frame the sender is played: the playout delay. */
  readonly delayMs: number;
  /**
   * Age of the pose that would be drawn now, less the fastest transit of the network; 0 before the first. A pose
   * extrapolated from the newest frame is as old as that frame.
   */
  readonly ageMs: number;
  /** How far beyond the newest frame the last drawn pose was extrapolated. */
  readonly extrapolatedMs: number;
  /** The lateness behind the quickest packet that nine of ten packets do not exceed. */
  readonly jitterMs: number;
  /** Share of the last seconds in which frames were late, so that poses were extrapolated; 0 to 1. */
  readonly lateShare: number;
  /** How often nothing moved for more than 100 ms because no frames came. */
  readonly freezes: number;
  /** Frames received a second, over the last two seconds. */
  readonly poseFps: number;
  /** Frames received in all. */
  readonly received: number;
  /** Frames that came twice, or too late to be used. */
  readonly discarded: number;
}

const FRAMES = 64;
const STALE_AFTER_MS = 1000;
/** A sender whose time steps back this far has restarted its clock. */
const RESTART_BACK_MS = 1000;
/** So has one whose time is this far ahead of the clock's mapping: no frame beats the quickest one by that much. */
const RESTART_AHEAD_MS = 5000;
/** After so long without a sample, a jump is not seen and needs no easing. */
const UNSEEN_MS = 1000;

/**
 * Plays one sender's frames smoothly: on the sender's own time, a little late, so that the next frame is there when it
 * is needed. Where it is not, the motion continues and slows down; once the frame has come, the drawn pose eases to
 * where it should be, and playout runs a little faster until it has caught up. The network calls `push`, the frame loop
 * `sample`; neither allocates.
 */
export class Playout {
  private readonly ring = new FrameRing(FRAMES);
  private readonly clock = new SenderClock();
  private readonly delay = new PlayoutDelay();
  private readonly rate = new RateMeter();
  private readonly cursor = new PlayoutCursor();
  private readonly curve = new PoseCurve(this.ring);
  private readonly easing = new PoseEasing();
  private readonly curveBefore = createPose();
  private readonly curveEarlier = createPose();
  private earlierMs = Number.NaN;
  private arrivedMs = Number.NaN;
  private received = 0;
  private discarded = 0;

  /** The sender's time of the last drawn pose; NaN before the first. */
  get playedMs(): number {
    return this.cursor.nowMs;
  }

  /**
   * Takes a frame of sender time `senderMs` that arrived at `arrivalMs` on the local monotonic clock; copies `pose`.
   * Frames of one packet have the same arrival time. A frame with a time that is not a number is counted and discarded.
   */
  push(pose: Pose, senderMs: number, arrivalMs: number): void {
    this.received += 1;
    if (!Number.isFinite(senderMs - arrivalMs)) {
      this.discarded += 1;
      return;
    }
    if (this.isRestart(senderMs, arrivalMs)) this.restartClock();
    const quickestMs = this.clock.offsetMs;
    const lateMs = this.clock.note(senderMs, arrivalMs);
    const riseMs = Number.isFinite(quickestMs) ? this.clock.offsetMs - quickestMs : 0;
    this.delay.note(lateMs, senderMs, arrivalMs, riseMs);
    this.rate.note(arrivalMs);
    this.arrivedMs = arrivalMs;
    if (!this.ring.insert(pose, senderMs)) this.discarded += 1;
  }

  /** Writes the pose to draw at `nowMs` (local, monotonic) into `out`; leaves it alone for `none`. */
  sample(nowMs: number, out: Pose): PlayoutState {
    if (this.ring.count === 0) return 'none';
    const { cursor } = this;
    cursor.advance(nowMs, nowMs - this.clock.offsetMs - this.delay.delayMs, this.ring.newestMs);
    if (cursor.elapsedMs > UNSEEN_MS) this.easing.clear();
    this.draw(out);
    return nowMs - this.arrivedMs > STALE_AFTER_MS ? 'stale' : 'live';
  }

  /** {@link PlayoutStats.ageMs} alone, for callers at frame rate: creates no object. */
  ageMs(nowMs: number): number {
    if (!Number.isFinite(this.cursor.nowMs)) return 0;
    const drawnMs = Math.min(this.cursor.nowMs, this.ring.newestMs);
    return Math.max(0, nowMs - this.clock.offsetMs - drawnMs);
  }

  stats(nowMs: number): PlayoutStats {
    const hasPlayed = Number.isFinite(this.cursor.nowMs);
    return {
      delayMs: this.delay.delayMs,
      ageMs: this.ageMs(nowMs),
      extrapolatedMs: hasPlayed ? Math.max(0, this.cursor.nowMs - this.ring.newestMs) : 0,
      jitterMs: this.delay.jitterMs,
      lateShare: this.cursor.lateShare,
      freezes: this.cursor.freezes,
      poseFps: this.rate.perSecond(nowMs),
      received: this.received,
      discarded: this.discarded,
    };
  }

  /** Prepares for another sender, whose first pose is drawn at once. The counters continue. */
  restart(): void {
    this.restartClock();
    this.easing.clear();
  }

  /** Starts over for a sender whose clock has restarted. */
  private restartClock(): void {
    this.ring.clear();
    this.clock.reset();
    this.delay.reset();
    this.cursor.clear();
    this.curve.clear();
  }

  private isRestart(senderMs: number, arrivalMs: number): boolean {
    if (this.ring.count === 0) return false;
    const isFarBack = senderMs < this.ring.newestMs - RESTART_BACK_MS;
    const isFarAhead = senderMs > arrivalMs - this.clock.offsetMs + RESTART_AHEAD_MS;
    return isFarBack || isFarAhead;
  }

  private draw(out: Pose): void {
    const { cursor, curve, easing } = this;
    const isOther = cursor.isJump || curve.hasChangedAt(cursor.beforeMs);
    if (cursor.isJump) this.earlierMs = cursor.beforeMs - easing.lastStepMs;
    curve.draw(cursor.nowMs, out);
    if (isOther || easing.returning(out.parts) !== 0) this.leave(out);
    if (cursor.elapsedMs > 0) this.earlierMs = cursor.beforeMs;
    easing.apply(out, cursor.elapsedMs);
  }

  private leave(out: Pose): void {
    this.curve.read(this.earlierMs, this.curveEarlier);
    this.curve.read(this.cursor.beforeMs, this.curveBefore);
    this.easing.leave(this.curveBefore, this.curveEarlier, out);
  }
}
