const BUCKET_MS = 0.05;
const BUCKETS = 200_000;

/** Latencies, counted in buckets of 0.05 ms up to 10 s; what is later counts as 10 s. */
export class Latencies {
  private readonly buckets = new Uint32Array(BUCKETS);
  private total = 0;

  get count(): number {
    return this.total;
  }

  add(ms: number): void {
    const bucket = Math.min(BUCKETS - 1, Math.max(0, Math.floor(ms / BUCKET_MS)));
    this.buckets[bucket]! += 1;
    this.total += 1;
  }

  clear(): void {
    this.buckets.fill(0);
    this.total = 0;
  }

  /** The latency, ms, that the part `share` (0 .. 1) of all does not exceed; 0 where there is none. */
  quantileMs(share: number): number {
    const wanted = Math.ceil(this.total * share);
    let seen = 0;
    for (let bucket = 0; bucket < BUCKETS && wanted > 0; bucket += 1) {
      seen += this.buckets[bucket]!;
      if (seen >= wanted) return (bucket + 1) * BUCKET_MS;
    }
    return 0;
  }
}

/** The value that the part `share` (0 .. 1) of `values` does not exceed; 0 where there is none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}
