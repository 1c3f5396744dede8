const BIN_MS = 2;
const BINS = 256;
/** Weight that an observation keeps after each later one: half of it is gone after 140 frames. */
const KEPT = 0.995;

/** What share of the frames comes how late: a histogram that forgets. Fixed memory. */
export class JitterEstimate {
  private readonly bins = new Float64Array(BINS);
  private total = 0;

  /** Notes a frame that came `lateMs` (>= 0) behind the quickest. */
  note(lateMs: number): void {
    for (let k = 0; k < BINS; k += 1) this.bins[k] = this.bins[k]! * KEPT;
    const bin = Math.min(BINS - 1, Math.floor(lateMs / BIN_MS));
    this.bins[bin] = this.bins[bin]! + 1;
    this.total = this.total * KEPT + 1;
  }

  /** The delay in ms (at most 512) that `share` (0..1) of the recent frames did not exceed; 0 before the first. */
  percentileMs(share: number): number {
    let left = this.total * share;
    for (let k = 0; k < BINS; k += 1) {
      left -= this.bins[k]!;
      if (left <= 0) return this.total === 0 ? 0 : (k + 1) * BIN_MS;
    }
    return BINS * BIN_MS;
  }

  /** Forgets everything. */
  reset(): void {
    this.bins.fill(0);
    this.total = 0;
  }
}
