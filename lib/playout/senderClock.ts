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
