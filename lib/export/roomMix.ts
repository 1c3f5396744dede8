/** All sound here is at this rate, which is Opus' own. */
export const RATE_HZ = 48_000;

/** What is limited at once: 20 ms. */
const BLOCK = 960;
/** Sound that is mixed but not handed on yet, at most: ten seconds. */
const RING = BLOCK * 500;
/** Sixteen voices at once add up to more than full scale. */
const PEAK_MAX = 0.95;
/** How fast a limited mix gets its loudness back, a factor a block: 6 dB in 0.2 s. */
const RELEASE = 1.07;

/** How loud a voice is on each side. */
export interface Panning {
  readonly left: number;
  readonly right: number;
}

/**
 * Adds voices up to stereo and keeps the sum below full scale: a block that would be too loud is turned down, and the gain glides there
 * during the block before. A single voice stays as it is. Sound is handed on in order. Allocates nothing in steady state.
 */
export class RoomMix {
  private readonly sides = { left: new Float32Array(RING), right: new Float32Array(RING) };
  private readonly block = new Float32Array(2 * BLOCK);
  /** The sample that is handed on next, counted from the start. */
  private at = 0;
  private gain = 1;
  private lost = 0;

  /** `write` gets left and right in turns; the array is this object's. */
  constructor(
    private readonly totalSamples: number,
    private readonly write: (interleaved: Float32Array) => void,
  ) {}

  /** Samples that came too late, or too early, to be heard. */
  get lostSamples(): number {
    return this.lost;
  }

  /** Adds sound from sample `from` on; what lies outside the mix is left out. */
  add(samples: Float32Array, from: number, { left, right }: Panning): void {
    const { sides, at, totalSamples } = this;
    for (let k = 0; k < samples.length; k += 1) {
      const place = from + k;
      if (place < 0 || place >= totalSamples) continue;
      if (place < at || place >= at + RING) {
        this.lost += 1;
        continue;
      }
      sides.left[place % RING]! += samples[k]! * left;
      sides.right[place % RING]! += samples[k]! * right;
    }
  }

  /** Hands on what lies before sample `before`, but for the last whole block: how loud it is decides about the one before. */
  flush(before: number): void {
    while (this.at + 2 * BLOCK <= Math.min(before, this.totalSamples)) this.writeBlock(BLOCK);
  }

  /** Hands on all the rest. */
  finish(): void {
    while (this.at < this.totalSamples) this.writeBlock(Math.min(BLOCK, this.totalSamples - this.at));
  }

  private writeBlock(count: number): void {
    const { block, sides, at, gain } = this;
    const limit = Math.min(this.limitOf(at), this.limitOf(at + count), gain * RELEASE, 1);
    for (let k = 0; k < count; k += 1) {
      const share = gain + ((limit - gain) * k) / count;
      const slot = (at + k) % RING;
      block[2 * k] = sides.left[slot]! * share;
      block[2 * k + 1] = sides.right[slot]! * share;
      sides.left[slot] = 0;
      sides.right[slot] = 0;
    }
    this.gain = limit;
    this.at += count;
    this.write(count === BLOCK ? block : block.subarray(0, 2 * count));
  }

  /** The gain that the block from sample `from` on can have. */
  private limitOf(from: number): number {
    const { left, right } = this.sides;
    let peak = 0;
    for (let k = from; k < Math.min(from + BLOCK, this.totalSamples); k += 1) {
      peak = Math.max(peak, Math.abs(left[k % RING]!), Math.abs(right[k % RING]!));
    }
    return peak > PEAK_MAX ? PEAK_MAX / peak : 1;
  }
}
