const BUCKET_MS = 250;
const BUCKETS = 8;

/** Measures events, or amounts, a second over the last two seconds. Fixed memory. */
export class RateMeter {
  private readonly sums = new Uint32Array(BUCKETS);
  private bucket = Number.NaN;
  private firstMs = Number.NaN;

  /** Notes an event, or a whole `amount`, at `nowMs`. */
  note(nowMs: number, amount = 1): void {
    if (Number.isNaN(this.firstMs)) this.firstMs = nowMs;
    this.turnTo(nowMs);
    const slot = this.bucket % BUCKETS;
    this.sums[slot] = this.sums[slot]! + amount;
  }

  /** The rate at `nowMs`, per second; over the time since the first event if that is shorter. */
  perSecond(nowMs: number): number {
    const sum = this.sumAt(nowMs);
    return sum === 0 ? 0 : (sum * 1000) / Math.max(BUCKET_MS, Math.min(windowMs(nowMs), nowMs - this.firstMs));
  }

  /** The same, but always over the whole two seconds: it starts low and is not misled by a burst at the start. */
  perSecondOfWindow(nowMs: number): number {
    return (this.sumAt(nowMs) * 1000) / windowMs(nowMs);
  }

  /** Forgets everything. */
  reset(): void {
    this.sums.fill(0);
    this.bucket = Number.NaN;
    this.firstMs = Number.NaN;
  }

  private sumAt(nowMs: number): number {
    this.turnTo(nowMs);
    let sum = 0;
    for (let k = 0; k < BUCKETS; k += 1) sum += this.sums[k]!;
    return sum;
  }

  private turnTo(nowMs: number): void {
    const bucket = Math.max(0, Math.floor(nowMs / BUCKET_MS));
    if (Number.isNaN(this.bucket)) this.bucket = bucket;
    if (bucket <= this.bucket) return;
    const passed = Math.min(BUCKETS, bucket - this.bucket);
    for (let k = 0; k < passed; k += 1) this.sums[(bucket - k) % BUCKETS] = 0;
    this.bucket = bucket;
  }
}

/** The time that the buckets cover at `nowMs`. */
function windowMs(nowMs: number): number {
  return (BUCKETS - 1) * BUCKET_MS + (nowMs % BUCKET_MS);
}
