import { AGE_STEP_MS } from './receiverReport';

const BUCKETS = 256;
const REPORTED_SHARE = 0.95;

/** Ages of poses in the steps in which they are reported (rule M-22); the last step means that or more. Fixed memory. */
export class AgeHistogram {
  private readonly counts = new Uint32Array(BUCKETS);
  private total = 0;

  /** Ages noted since the last `clear`. */
  get count(): number {
    return this.total;
  }

  note(ageMs: number): void {
    const bucket = Math.max(0, Math.min(BUCKETS - 1, Math.round(ageMs / AGE_STEP_MS))) || 0;
    this.counts[bucket] = this.counts[bucket]! + 1;
    this.total += 1;
  }

  /** The 95th percentile, ms; 0 where nothing was noted. */
  p95Ms(): number {
    let left = this.total - Math.ceil(this.total * REPORTED_SHARE);
    let bucket = this.total === 0 ? 0 : BUCKETS - 1;
    while (bucket > 0 && left >= this.counts[bucket]!) {
      left -= this.counts[bucket]!;
      bucket -= 1;
    }
    return bucket * AGE_STEP_MS;
  }

  clear(): void {
    this.counts.fill(0);
    this.total = 0;
  }
}
