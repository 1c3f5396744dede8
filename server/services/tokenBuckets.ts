import type { Clock } from '@/lib/core/clock';

/** How often something may happen: `burst` times at once, then `perSecond`. */
export interface BucketRate {
  readonly burst: number;
  readonly perSecond: number;
}

interface Bucket {
  /** What is left, in milliseconds of waiting it stands for: whole numbers stay exact. */
  creditMs: number;
  atMs: number;
}

const KEYS_MAX = 10_000;

/** Token buckets by key, of bounded memory: past {@link KEYS_MAX} keys the one unused for longest is forgotten. */
export class TokenBuckets {
  private readonly buckets = new Map<string, Bucket>();
  private readonly costMs: number;
  private readonly fullMs: number;

  constructor(
    rate: BucketRate,
    private readonly clock: Clock,
    private readonly keysMax = KEYS_MAX,
  ) {
    this.costMs = 1000 / rate.perSecond;
    this.fullMs = rate.burst * this.costMs;
  }

  /** Takes one token. Returns 0, or the milliseconds to wait where there is none (and takes nothing). */
  take(key: string): number {
    const waitMs = this.waitMs(key);
    if (waitMs === 0) this.bucket(key).creditMs -= this.costMs;
    return waitMs;
  }

  /** Milliseconds until there is a token; 0 where there is one. */
  waitMs(key: string): number {
    return Math.max(0, Math.ceil(this.costMs - this.bucket(key).creditMs));
  }

  private bucket(key: string): Bucket {
    const nowMs = this.clock.nowMs();
    const bucket = this.buckets.get(key) ?? { creditMs: this.fullMs, atMs: nowMs };
    bucket.creditMs = Math.min(this.fullMs, bucket.creditMs + Math.max(0, nowMs - bucket.atMs));
    bucket.atMs = nowMs;
    // A Map keeps its keys in the order they came: taking the key out and in again makes it the newest.
    this.buckets.delete(key);
    this.buckets.set(key, bucket);
    if (this.buckets.size > this.keysMax) this.forgetOldest();
    return bucket;
  }

  private forgetOldest(): void {
    const oldest = this.buckets.keys().next();
    if (!oldest.done) this.buckets.delete(oldest.value);
  }
}
