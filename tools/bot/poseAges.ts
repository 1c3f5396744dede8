/** How old poses were when they arrived. */
export interface PoseAgeStats {
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

/** As many of the latest ages are kept, each person: three minutes at 20 fps. */
const KEPT = 4096;

/** The ages of one person's latest poses on arrival. */
export class PoseAges {
  private readonly ring = new Float64Array(KEPT);
  private count = 0;
  private quickestMs = Number.POSITIVE_INFINITY;

  /** `ageMs`: own clock on arrival less the sender's clock on capture. Their zeros may differ. */
  note(ageMs: number): void {
    this.ring[this.count % KEPT] = ageMs;
    this.count += 1;
    this.quickestMs = Math.min(this.quickestMs, ageMs);
  }

  /** The latest ages in no order, milliseconds; as noted, or less the quickest way where the clocks are not one. */
  samples(sharesClock: boolean): number[] {
    const zeroMs = sharesClock ? 0 : this.quickestMs;
    return Array.from(this.ring.subarray(0, Math.min(this.count, KEPT)), (ageMs) => ageMs - zeroMs);
  }

  stats(sharesClock: boolean): PoseAgeStats {
    const sorted = this.samples(sharesClock).sort((a, b) => a - b);
    const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0;
    return { p50: at(0.5), p95: at(0.95), max: sorted.at(-1) ?? 0 };
  }
}
