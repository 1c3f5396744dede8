const SLICES = 10;
const SLICE_MS = 1000;
const BIN_MS = 2;
const BINS = 256;

/** How late packets came in the last ten seconds: a histogram for each second, in fixed memory. */
export class JitterWindow {
  private readonly slices = new Float64Array(SLICES * BINS);
  private readonly sums = new Float64Array(BINS);
  private readonly excesses = new Float64Array(BINS + 1);
  private total = 0;
  private slice = Number.NaN;
  private newestBin = -1;
  private restMs = 0;

  /**
   * Notes a packet that arrived at `arrivalMs`, `lateMs` (>= 0, capped at 512) behind the quickest. A later frame of
   * the same packet replaces it: only the newest frame of a packet counts.
   */
  note(lateMs: number, arrivalMs: number, isSamePacket: boolean): void {
    this.turnTo(Math.floor(arrivalMs / SLICE_MS));
    if (isSamePacket && this.newestBin >= 0) this.add(this.newestBin, -1);
    this.newestBin = Math.min(BINS - 1, Math.floor(lateMs / BIN_MS));
    this.add(this.newestBin, 1);
  }

  /** The fastest transit has become `riseMs` longer: everything noted was less late than it seemed. */
  rise(riseMs: number): void {
    this.restMs += riseMs;
    const bins = Math.floor(this.restMs / BIN_MS);
    if (bins <= 0) return;
    this.restMs -= bins * BIN_MS;
    for (let slice = 0; slice < SLICES; slice += 1) this.shift(slice * BINS, Math.min(bins, BINS - 1));
    this.newestBin = -1;
    this.addUp();
  }

  /** Prepares {@link excessMs} from the packets noted so far. */
  measure(): void {
    let later = 0;
    this.excesses[BINS] = 0;
    for (let bin = BINS - 1; bin >= 0; bin -= 1) {
      const here = this.sums[bin]!;
      this.excesses[bin] = this.excesses[bin + 1]! + (later + here / 2) * BIN_MS;
      later += here;
    }
  }

  /** By how much packets are later than `lateMs` on average, where those that are not count 0; as of `measure`. */
  excessMs(lateMs: number): number {
    if (this.total === 0) return Math.max(0, -lateMs);
    if (lateMs <= 0) return this.excesses[0]! / this.total - lateMs;
    const place = Math.min(BINS, lateMs / BIN_MS);
    const bin = Math.min(BINS - 1, Math.floor(place));
    const a = this.excesses[bin]!;
    return (a + (this.excesses[bin + 1]! - a) * (place - bin)) / this.total;
  }

  /** The lateness in ms (at most 512) that `share` (0..1) of the packets did not exceed; 0 before the first. */
  percentileMs(share: number): number {
    let left = this.total * share;
    for (let bin = 0; bin < BINS; bin += 1) {
      left -= this.sums[bin]!;
      if (left <= 0) return this.total === 0 ? 0 : (bin + 1) * BIN_MS;
    }
    return BINS * BIN_MS;
  }

  /** Forgets everything. */
  reset(): void {
    this.slices.fill(0);
    this.slice = Number.NaN;
    this.newestBin = -1;
    this.restMs = 0;
    this.addUp();
  }

  private add(bin: number, count: number): void {
    const at = (((this.slice % SLICES) + SLICES) % SLICES) * BINS + bin;
    this.slices[at] = this.slices[at]! + count;
    this.sums[bin] = this.sums[bin]! + count;
    this.total += count;
  }

  private turnTo(slice: number): void {
    if (Number.isNaN(this.slice)) this.slice = slice;
    if (slice <= this.slice) return;
    const passed = Math.min(SLICES, slice - this.slice);
    for (let k = 0; k < passed; k += 1) {
      const start = ((((slice - k) % SLICES) + SLICES) % SLICES) * BINS;
      this.slices.fill(0, start, start + BINS);
    }
    this.slice = slice;
    this.newestBin = -1;
    this.addUp();
  }

  private shift(start: number, bins: number): void {
    let early = 0;
    for (let bin = 0; bin <= bins; bin += 1) early += this.slices[start + bin]!;
    this.slices.copyWithin(start, start + bins, start + BINS);
    this.slices[start] = early;
    this.slices.fill(0, start + BINS - bins, start + BINS);
  }

  private addUp(): void {
    this.sums.fill(0);
    for (let at = 0; at < SLICES * BINS; at += 1) this.sums[at % BINS] = this.sums[at % BINS]! + this.slices[at]!;
    this.total = 0;
    for (let bin = 0; bin < BINS; bin += 1) this.total += this.sums[bin]!;
  }
}

const STEPS = 5;
const STEP_MIN_MS = 8;
const STEP_MAX_MS = 500;
const STEP_DEFAULT_MS = 1000 / 30;

/**
 * The sender's time between two packets: the median of the last five, so that a change of rate is known after three
 * packets, while a lost packet or several that arrive at once change nothing.
 */
export class PacketStep {
  private readonly steps = new Float64Array(STEPS);
  private readonly sorted = new Float64Array(STEPS);
  private count = 0;
  private medianMs = STEP_DEFAULT_MS;

  get ms(): number {
    return this.medianMs;
  }

  /** Notes a packet whose newest frame is `stepMs` after that of the packet before. */
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

/**
 * A larger delay must pay off: 60 ms more are worth it where they save extrapolating at more than this share of all
 * moments. So the delay covers jitter, which fills that range densely, and leaves rare stalls to extrapolation.
 */
const WORTH_MS = 60;
const WORTH_SHARE = 0.06;
/** No more than this share of all moments is left to extrapolation, whatever the cause. */
const LATE_MAX_SHARE = 0.25;

const DELAY_MAX_MS = 400;
const DELAY_STEP_MS = 1;
/** The reported jitter is the lateness that this share of the packets does not exceed. */
const JITTER_SHARE = 0.9;

/**
 * How far behind the quickest frame a sender is played. At any moment the newest frame lies behind by the lateness of
 * its packet plus the time since, which is spread evenly between nothing and a packet's step. The distribution of that
 * sum is known, and with it the share of all moments at which a delay is too short.
 */
export class PlayoutDelay {
  private readonly jitter = new JitterWindow();
  private readonly step = new PacketStep();
  private arrivalMs = Number.NaN;
  private newestMs = Number.NaN;
  private packetBeforeMs = Number.NaN;
  private currentMs = this.step.ms;

  /** The present delay. */
  get delayMs(): number {
    return this.currentMs;
  }

  /** The lateness that nine of ten packets do not exceed. */
  get jitterMs(): number {
    return this.jitter.percentileMs(JITTER_SHARE);
  }

  /**
   * Notes a frame of `senderMs` that came at `arrivalMs`, `lateMs` behind the quickest, after the fastest transit has
   * become `riseMs` longer. Frames of one packet arrive at the same time.
   */
  note(lateMs: number, senderMs: number, arrivalMs: number, riseMs = 0): void {
    const isSamePacket = arrivalMs === this.arrivalMs;
    if (!isSamePacket) this.beginPacket(arrivalMs);
    if (riseMs > 0) this.jitter.rise(riseMs);
    if (senderMs <= this.newestMs) return;
    this.newestMs = senderMs;
    this.jitter.note(lateMs, arrivalMs, isSamePacket);
    this.currentMs = this.smallestDelay();
  }

  /** Forgets everything. */
  reset(): void {
    this.jitter.reset();
    this.step.reset();
    this.arrivalMs = Number.NaN;
    this.newestMs = Number.NaN;
    this.packetBeforeMs = Number.NaN;
    this.currentMs = this.step.ms;
  }

  private beginPacket(arrivalMs: number): void {
    if (this.newestMs > this.packetBeforeMs) this.step.note(this.newestMs - this.packetBeforeMs);
    this.packetBeforeMs = this.newestMs;
    this.arrivalMs = arrivalMs;
  }

  private smallestDelay(): number {
    this.jitter.measure();
    let delayMs = 0;
    while (delayMs < DELAY_MAX_MS && !this.isEnough(delayMs)) delayMs += DELAY_STEP_MS;
    return delayMs;
  }

  private isEnough(delayMs: number): boolean {
    const lateShare = this.lateShare(delayMs);
    return lateShare <= LATE_MAX_SHARE && lateShare - this.lateShare(delayMs + WORTH_MS) <= WORTH_SHARE;
  }

  /** Share of all moments at which playing `delayMs` behind would run ahead of the newest frame. */
  private lateShare(delayMs: number): number {
    const { jitter, step } = this;
    return (jitter.excessMs(delayMs - step.ms) - jitter.excessMs(delayMs)) / step.ms;
  }
}
