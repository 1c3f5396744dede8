const SLICES = 10;
const SLICE_MS = 1000;
const BIN_MS = 2;
const BINS = 256;

/** How late packets came over the last ten seconds: a histogram for each second. Fixed memory. */
export class JitterWindow {
  private readonly slices = new Float64Array(SLICES * BINS);
  private readonly sums = new Float64Array(BINS);
  private readonly excesses = new Float64Array(BINS + 1);
  private total = 0;
  private slice = Number.NaN;
  private newestBin = -1;
  private restMs = 0;

  /**
   * Notes a packet that arrived at `arrivalMs`, `lateMs` (>= 0, at most 512 count) behind the quickest. A later frame
   * of the packet noted last replaces it: what counts of a packet is its newest frame.
   */
  note(lateMs: number, arrivalMs: number, isSamePacket: boolean): void {
    this.turnTo(Math.floor(arrivalMs / SLICE_MS));
    if (isSamePacket && this.newestBin >= 0) this.add(this.newestBin, -1);
    this.newestBin = Math.min(BINS - 1, Math.floor(lateMs / BIN_MS));
    this.add(this.newestBin, 1);
  }

  /** The quickest way takes `riseMs` longer by now: all that was noted was less late than it seemed. */
  rise(riseMs: number): void {
    this.restMs += riseMs;
    const bins = Math.floor(this.restMs / BIN_MS);
    if (bins <= 0) return;
    this.restMs -= bins * BIN_MS;
    for (let slice = 0; slice < SLICES; slice += 1) this.shift(slice * BINS, Math.min(bins, BINS - 1));
    this.newestBin = -1;
    this.addUp();
  }

  /** Prepares {@link excessMs} from what has been noted. */
  measure(): void {
    let later = 0;
    this.excesses[BINS] = 0;
    for (let bin = BINS - 1; bin >= 0; bin -= 1) {
      const here = this.sums[bin]!;
      this.excesses[bin] = this.excesses[bin + 1]! + (later + here / 2) * BIN_MS;
      later += here;
    }
  }

  /** By how much packets are later than `lateMs` on average, those that are not counting 0; as of `measure`. */
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
