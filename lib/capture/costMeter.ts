/** How much the newest measurement counts. */
const NEWEST_SHARE = 0.15;

/** The running mean of what one kind of reading takes. The first one builds things up and is left out. */
export class CostMeter {
  private meanMs = Number.NaN;
  private count = 0;

  /** ms; NaN before the second reading. */
  get costMs(): number {
    return this.meanMs;
  }

  note(costMs: number): void {
    this.count += 1;
    if (this.count === 1) return;
    this.meanMs = this.count === 2 ? costMs : this.meanMs + NEWEST_SHARE * (costMs - this.meanMs);
  }
}
