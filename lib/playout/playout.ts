import { RateMeter } from '@/lib/core/rateMeter';
import { createPose, type Pose } from '@/lib/pose/pose';
import { FrameRing } from './frameRing';
import { PlayoutCursor, SenderClock } from './playoutClock';
import { PlayoutDelay } from './playoutDelay';
import { PoseEasing } from './poseEasing';
import { PosePath } from './posePath';

/** Whether a person moves, has been silent for too long (the scene eases them to rest), or nothing has been received yet. */
export type PlayoutState = 'live' | 'stale' | 'none';

/** What can be told of one sender's playout. */
export interface PlayoutStats {
  /** How far behind the quickest frame the sender is played. */
  readonly delayMs: number;
  /**
   * Age of the pose that would be drawn now, less the quickest way of the network; 0 before the first. A pose guessed
   * from the newest frame is as old as that frame.
   */
  readonly ageMs: number;
  /** How far beyond the newest frame the pose drawn last was guessed. */
  readonly extrapolatedMs: number;
  /** How late nine of ten packets are at most, behind the quickest. */
  readonly jitterMs: number;
  /** Share of the last seconds for which frames were late, so that poses were guessed; 0 to 1. */
  readonly lateShare: number;
  /** How often nothing moved for more than 100 ms because nothing came. */
  readonly freezes: number;
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
/** Whoever has not looked for so long sees no jump. */
const UNSEEN_MS = 1000;

/**
 * Plays one sender's frames smoothly: on the sender's own time, a little late, so that the next frame is there when it
 * is needed. Where it is not, the motion goes on as it went, ever slower; when it has come, what is drawn eases to where
 * it should be, and playing runs a little faster until it has caught up.
 * `push` comes from the network, `sample` from the frame loop; neither allocates.
 */
export class Playout {
  private readonly ring = new FrameRing(FRAMES);
  private readonly clock = new SenderClock();
  private readonly delay = new PlayoutDelay();
  private readonly rate = new RateMeter();
  private readonly cursor = new PlayoutCursor();
  private readonly path = new PosePath(this.ring);
  private readonly easing = new PoseEasing();
  private readonly pathBefore = createPose();
  private readonly pathEarlier = createPose();
  private earlierMs = Number.NaN;
  private arrivedMs = Number.NaN;
  private received = 0;
  private discarded = 0;

  /** The sender's time of the pose drawn last; NaN before the first. */
  get playedMs(): number {
    return this.cursor.nowMs;
  }

  /**
   * Takes a frame of sender time `senderMs` that arrived at `arrivalMs` on the local monotonic clock; copies `pose`.
   * Frames of one packet have one time of arrival. Where a time is not a number the frame is counted and left out.
   */
  push(pose: Pose, senderMs: number, arrivalMs: number): void {
    this.received += 1;
    if (!Number.isFinite(senderMs - arrivalMs)) {
      this.discarded += 1;
      return;
    }
    if (this.isRestart(senderMs, arrivalMs)) this.beginLine();
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

  /** {@link PlayoutStats.ageMs} alone, for whoever asks at frame rate: makes no object. */
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

  /** Makes ready for another sender, whose first pose is drawn at once; the counters go on. */
  restart(): void {
    this.beginLine();
    this.easing.clear();
  }

  /** The same sender on a new time. */
  private beginLine(): void {
    this.ring.clear();
    this.clock.reset();
    this.delay.reset();
    this.cursor.clear();
    this.path.clear();
  }

  private isRestart(senderMs: number, arrivalMs: number): boolean {
    if (this.ring.count === 0) return false;
    const isFarBack = senderMs < this.ring.newestMs - RESTART_BACK_MS;
    const isFarAhead = senderMs > arrivalMs - this.clock.offsetMs + RESTART_AHEAD_MS;
    return isFarBack || isFarAhead;
  }

  private draw(out: Pose): void {
    const { cursor, path, easing } = this;
    const isOther = cursor.isJump || path.hasChangedAt(cursor.beforeMs);
    if (cursor.isJump) this.earlierMs = cursor.beforeMs - easing.lastStepMs;
    path.draw(cursor.nowMs, out);
    if (isOther || easing.returning(out.parts) !== 0) this.leave(out);
    if (cursor.elapsedMs > 0) this.earlierMs = cursor.beforeMs;
    easing.apply(out, cursor.elapsedMs);
  }

  private leave(out: Pose): void {
    this.path.read(this.earlierMs, this.pathEarlier);
    this.path.read(this.cursor.beforeMs, this.pathBefore);
    this.easing.leave(this.pathBefore, this.pathEarlier, out);
  }
}
