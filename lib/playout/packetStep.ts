const STEPS = 5;
const STEP_MIN_MS = 8;
const STEP_MAX_MS = 500;
const STEP_DEFAULT_MS = 1000 / 30;

/**
 * How much of the sender's time lies between two packets: the median of the last five, so that a change of rate is known
 * after three packets while a lost one, or several that arrive at once, change nothing.
 */
export class PacketStep {
  private readonly steps = new Float64Array(STEPS);
  private readonly sorted = new Float64Array(STEPS);
  private count = 0;
  private medianMs = STEP_DEFAULT_MS;

  get ms(): number {
    return this.medianMs;
  }

  /** Notes a packet whose newest frame is `stepMs` after that of the packet before it. */
  note(stepMs: number): void {
    this.steps[this.count % STEPS] = Math.max(STEP_MIN_MS, Math.min(STEP_MAX_MS, stepMs));
    this.count += 1;
    const known = Math.min(STEPS, this.count);
    this.sorted.fill(Number.POSITIVE_INFINITY);
    for (let k = 0; k < known; k += 1) this.sorted[k] = this.steps[k]!;
    this.sorted.sort();
    this.medianMs = this.sorted[Math.floor((known - 1) / 2)]!;
  }

  /** Forgets everything. */
  reset(): void {
    this.count = 0;
    this.medianMs = STEP_DEFAULT_MS;
  }
}
