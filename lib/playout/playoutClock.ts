/** The span of time in which the fastest transit from the sender counts. */
const WINDOW_MS = 10_000;
const BUCKETS = 10;
const BUCKET_MS = WINDOW_MS / BUCKETS;

/**
 * Maps a sender's time to the local clock: the smallest (arrival - sending) of the last ten seconds counts as the
 * difference of the clocks plus the fastest transit. So minutes of skew don't matter, and drift is followed.
 */
export class SenderClock {
  private readonly leasts = new Float64Array(BUCKETS).fill(Number.POSITIVE_INFINITY);
  private bucket = Number.NaN;
  private least = Number.POSITIVE_INFINITY;

  /** Local milliseconds minus sender milliseconds; infinite before the first frame. */
  get offsetMs(): number {
    return this.least;
  }

  /**
   * Notes a frame of `senderMs` that arrived at `arrivalMs` (local). Returns how late it is behind the quickest, >= 0
   * ms.
   */
  note(senderMs: number, arrivalMs: number): number {
    this.turnTo(Math.floor(arrivalMs / BUCKET_MS));
    const difference = arrivalMs - senderMs;
    const slot = this.slotOf(this.bucket);
    this.leasts[slot] = Math.min(this.leasts[slot]!, difference);
    this.least = Number.POSITIVE_INFINITY;
    for (let k = 0; k < BUCKETS; k += 1) this.least = Math.min(this.least, this.leasts[k]!);
    return difference - this.least;
  }

  /** Forgets everything, for another sender or a restarted clock. */
  reset(): void {
    this.leasts.fill(Number.POSITIVE_INFINITY);
    this.least = Number.POSITIVE_INFINITY;
    this.bucket = Number.NaN;
  }

  private slotOf(bucket: number): number {
    return ((bucket % BUCKETS) + BUCKETS) % BUCKETS;
  }

  private turnTo(bucket: number): void {
    if (Number.isNaN(this.bucket)) this.bucket = bucket;
    if (bucket <= this.bucket) return;
    const passed = Math.min(BUCKETS, bucket - this.bucket);
    for (let k = 0; k < passed; k += 1) this.leasts[this.slotOf(bucket - k)] = Number.POSITIVE_INFINITY;
    this.bucket = bucket;
  }
}

/** Playout may run this much slower or faster to return to its delay without looking like slow motion. */
const RATE_MIN = 0.9;
const RATE_MAX = 1.25;
/** Change of the rate for each millisecond of error. */
const RATE_PER_MS = 0.006;
/** The rate itself changes smoothly, with this time constant. */
const RATE_EASE_MS = 60;

/**
 * After the newest frame time slows down and stops this many ms later. So a guess never gets further from what is
 * known, and a drawn pose stays close to the time it is labelled with.
 */
const REACH_MS = 150;
/** From this share of the reach on hardly anything moves; more than 100 ms of that is a freeze. */
const STILL_SHARE = 0.95;
const FREEZE_MS = 100;

/** Beyond this error (a tab that slept, a long loss) playout jumps. */
const JUMP_MS = 1000;

/** Time constant of the late share. */
const LATE_MEMORY_MS = 5000;

/** The place of playout on the sender's time. Time runs backwards only in a jump. */
export class PlayoutCursor {
  private placeMs = Number.NaN;
  private previousMs = Number.NaN;
  private sampledMs = Number.NaN;
  private rate = 1;
  private hasJumped = false;
  private stepMs = 0;
  private stillMs = 0;
  private frozen = 0;
  private late = 0;

  /** The sender's time that is drawn now; NaN before the first. */
  get nowMs(): number {
    return this.placeMs;
  }

  /** The sender's time that was drawn last; after a jump, the time that would have been drawn without it. */
  get beforeMs(): number {
    return this.previousMs;
  }

  /** Local time between the last two advances. */
  get elapsedMs(): number {
    return this.stepMs;
  }

  /** Whether the last advance was a jump. */
  get isJump(): boolean {
    return this.hasJumped;
  }

  /** Share of the last seconds in which the next frame had not come yet, 0 to 1. */
  get lateShare(): number {
    return this.late;
  }

  /** How often nothing moved for more than 100 ms because no frames came. */
  get freezes(): number {
    return this.frozen;
  }

  /**
   * Moves on to local time `localMs`, at which the sender's time `idealMs` should be drawn; the newest frame is of
   * `newestMs`.
   */
  advance(localMs: number, idealMs: number, newestMs: number): void {
    this.stepMs = Number.isNaN(this.sampledMs) ? 0 : Math.max(0, localMs - this.sampledMs);
    this.sampledMs = Number.isNaN(this.sampledMs) ? localMs : Math.max(localMs, this.sampledMs);
    const errorMs = idealMs - (this.placeMs + this.stepMs);
    this.hasJumped = !(Math.abs(errorMs) <= JUMP_MS);
    if (this.hasJumped) this.jump(Math.min(idealMs, newestMs + REACH_MS));
    else this.run(errorMs, newestMs);
    this.noteLateness(newestMs);
  }

  /** Forgets its place, for another sender or a restarted clock. */
  clear(): void {
    this.placeMs = Number.NaN;
    this.previousMs = Number.NaN;
    this.rate = 1;
    this.stillMs = 0;
  }

  private jump(toMs: number): void {
    this.placeMs = toMs;
    this.previousMs = toMs - this.stepMs;
    this.rate = 1;
  }

  private run(errorMs: number, newestMs: number): void {
    const wanted = Math.max(RATE_MIN, Math.min(RATE_MAX, 1 + RATE_PER_MS * errorMs));
    this.rate += (wanted - this.rate) * (1 - Math.exp(-this.stepMs / RATE_EASE_MS));
    this.previousMs = this.placeMs;
    const runMs = this.stepMs * this.rate;
    const knownMs = Math.max(0, Math.min(runMs, newestMs - this.placeMs));
    const aheadMs = Math.max(0, this.placeMs - newestMs);
    const leftMs = Math.max(0, REACH_MS - aheadMs);
    this.placeMs += knownMs + leftMs * (1 - Math.exp(-(runMs - knownMs) / REACH_MS));
  }

  private noteLateness(newestMs: number): void {
    const aheadMs = this.placeMs - newestMs;
    this.late += ((aheadMs > 0 ? 1 : 0) - this.late) * (1 - Math.exp(-this.stepMs / LATE_MEMORY_MS));
    const wasFrozen = this.stillMs > FREEZE_MS;
    this.stillMs = aheadMs > STILL_SHARE * REACH_MS ? this.stillMs + this.stepMs : 0;
    if (!wasFrozen && this.stillMs > FREEZE_MS) this.frozen += 1;
  }
}
