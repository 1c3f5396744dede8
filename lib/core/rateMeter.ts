const BUCKET_MS = 250;
const BUCKETS = 8;

/** Counts events a second over the last two seconds. Fixed memory. */
export class RateMeter {
  private readonly counts = new Uint32Array(BUCKETS);
  private bucket = Number.NaN;
  private firstMs = Number.NaN;

  /** Notes an event at `nowMs`. */
  note(nowMs: number): void {
    if (Number.isNaN(this.firstMs)) this.firstMs = nowMs;
    this.turnTo(nowMs);
    const slot = this.bucket % BUCKETS;
    this.counts[slot] = this.counts[slot]! + 1;
  }

  /** Events a second at `nowMs`. */
  perSecond(nowMs: number): number {
    if (Number.isNaN(this.firstMs)) return 0;
    this.turnTo(nowMs);
    let sum = 0;
    for (let k = 0; k < BUCKETS; k += 1) sum += this.counts[k]!;
    const spanMs = Math.min((BUCKETS - 1) * BUCKET_MS + (nowMs % BUCKET_MS), nowMs - this.firstMs);
    return sum === 0 ? 0 : (sum * 1000) / Math.max(BUCKET_MS, spanMs);
  }

  /** Forgets everything. */
  reset(): void {
    this.counts.fill(0);
    this.bucket = Number.NaN;
    this.firstMs = Number.NaN;
  }

  private turnTo(nowMs: number): void {
    const bucket = Math.max(0, Math.floor(nowMs / BUCKET_MS));
    if (Number.isNaN(this.bucket)) this.bucket = bucket;
    if (bucket <= this.bucket) return;
    const passed = Math.min(BUCKETS, bucket - this.bucket);
    for (let k = 0; k < passed; k += 1) this.counts[(bucket - k) % BUCKETS] = 0;
    this.bucket = bucket;
  }
}
