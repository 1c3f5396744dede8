/** Span over which the quickest way from the sender is looked for. */
const WINDOW_MS = 10_000;
const BUCKETS = 10;
const BUCKET_MS = WINDOW_MS / BUCKETS;

/**
 * Maps a sender's time to the local clock: the smallest (arrival - sending) of the last ten seconds is taken as the
 * difference of the clocks plus the shortest way. So minutes of skew change nothing, and drift is followed.
 */
export class SenderClock {
  private readonly leasts = new Float64Array(BUCKETS).fill(Number.POSITIVE_INFINITY);
  private bucket = Number.NaN;
  private least = Number.POSITIVE_INFINITY;

  /** Local milliseconds minus sender milliseconds; infinite before the first frame. */
  get offsetMs(): number {
    return this.least;
  }

  /** Notes a frame of `senderMs` that arrived at `arrivalMs` (local). Returns its delay over the quickest, >= 0 ms. */
  note(senderMs: number, arrivalMs: number): number {
    this.turnTo(Math.floor(arrivalMs / BUCKET_MS));
    const difference = arrivalMs - senderMs;
    const slot = this.slotOf(this.bucket);
    this.leasts[slot] = Math.min(this.leasts[slot]!, difference);
    this.least = Number.POSITIVE_INFINITY;
    for (let k = 0; k < BUCKETS; k += 1) this.least = Math.min(this.least, this.leasts[k]!);
    return difference - this.least;
  }

  /** Forgets everything: another sender, or the same with a new clock. */
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

/** Playing may run this much slower or faster to come back to its delay; not seen as slow motion. */
const RATE_MIN = 0.9;
const RATE_MAX = 1.25;
/** Change of the rate by a millisecond of error. */
const RATE_PER_MS = 0.006;
/** The rate itself changes smoothly, with this time constant. */
const RATE_EASE_MS = 60;

/**
 * Beyond the newest frame time slows down and comes to a stop so many ms after it: a guess is never further from what is
 * known, and what is drawn stays close to the time it is said to be of.
 */
const REACH_MS = 150;
/** From this share of the reach on hardly anything moves any more; longer than 100 ms of that is a freeze. */
const STILL_SHARE = 0.95;
const FREEZE_MS = 100;

/** Beyond this error (a tab that slept, a long loss) playing jumps. */
const JUMP_MS = 1000;

/** Time constant of the share of late time. */
const LATE_MEMORY_MS = 5000;

/** Where in the sender's time playing is. Time never runs backwards but for a jump. */
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

  /** Sender's time that is drawn now; NaN before the first. */
  get nowMs(): number {
    return this.placeMs;
  }

  /** Sender's time that was drawn last; after a jump, the place it would have been at on the new line. */
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

  /** Share of the last seconds for which nothing had come yet, 0 to 1. */
  get lateShare(): number {
    return this.late;
  }

  /** How often nothing moved for more than 100 ms because nothing came. */
  get freezes(): number {
    return this.frozen;
  }

  /** Moves on to `localMs`, where `idealMs` of the sender's time should be drawn and `newestMs` is the newest frame's. */
  advance(localMs: number, idealMs: number, newestMs: number): void {
    this.stepMs = Number.isNaN(this.sampledMs) ? 0 : Math.max(0, localMs - this.sampledMs);
    this.sampledMs = Number.isNaN(this.sampledMs) ? localMs : Math.max(localMs, this.sampledMs);
    const errorMs = idealMs - (this.placeMs + this.stepMs);
    this.hasJumped = !(Math.abs(errorMs) <= JUMP_MS);
    if (this.hasJumped) this.jump(Math.min(idealMs, newestMs + REACH_MS));
    else this.run(errorMs, newestMs);
    this.noteLateness(newestMs);
  }

  /** Forgets where it is: another line begins. */
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
