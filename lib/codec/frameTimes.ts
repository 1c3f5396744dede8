import { BitModel } from './bitModel';
import { codeEscape, type RangeCoder } from './rangeCoder';

/** The longest time between two frames of one epoch, ms; a longer one calls for a keyframe. */
export const FRAME_GAP_MAX_MS = 1000;

/** The time expected between frames at first. */
const FIRST_GAP_MS = 33;
/** The expected time is counted in sixteenths and follows by an eighth of the difference. */
const MEAN_SHIFT = 4;
const FOLLOW_SHIFT = 3;

const SIZE_ESCAPE = 12;

/** Kinds of bits, each with its own contexts. */
const BIT_MOVES = 0;
const BIT_SIGN = 1;
const BIT_SIZE = 2;
const BIT_PARTS = BIT_SIZE + SIZE_ESCAPE;
const BITS = BIT_PARTS + 1;

// Each kind of bit is predicted from the signs of the last two differences, from that of the last one, and by itself.
const BOTH = 0;
const LAST = BOTH + BITS * 9;
const NONE = LAST + BITS * 3;
const CONTEXTS = NONE + BITS;

/** Codes the times between frames as differences from the expected time, and whether the parts have changed. */
export class FrameTimes {
  private readonly model = new BitModel(CONTEXTS, 1);
  private mean = 0;
  private lastClass = 1;
  private beforeLastClass = 1;

  reset(): void {
    this.model.reset();
    this.mean = FIRST_GAP_MS << MEAN_SHIFT;
    this.lastClass = 1;
    this.beforeLastClass = 1;
  }

  /** Codes a gap of 0 .. 1000 ms; returns it, or -1 where the bits read are no gap. */
  codeGap(coder: RangeCoder, gapMs: number): number {
    const expected = (this.mean + (1 << (MEAN_SHIFT - 1))) >> MEAN_SHIFT;
    const difference = this.codeDifference(coder, gapMs - expected);
    const coded = expected + difference;
    if (coded < 0 || coded > FRAME_GAP_MAX_MS) return -1;
    this.mean += ((coded << MEAN_SHIFT) - this.mean) >> FOLLOW_SHIFT;
    this.beforeLastClass = this.lastClass;
    this.lastClass = 1 + Math.sign(difference);
    return coded;
  }

  /** Codes whether the parts differ from those of the frame before, which is rare. */
  codePartsChange(coder: RangeCoder, hasChanged: boolean): boolean {
    return this.codeBit(coder, BIT_PARTS, hasChanged ? 1 : 0) === 1;
  }

  private codeDifference(coder: RangeCoder, difference: number): number {
    if (this.codeBit(coder, BIT_MOVES, difference !== 0 ? 1 : 0) === 0) return 0;
    const isNegative = this.codeBit(coder, BIT_SIGN, difference < 0 ? 1 : 0) === 1;
    const size = this.codeSize(coder, Math.abs(difference));
    return isNegative ? -size : size;
  }

  /** An invalid size becomes one that no gap fits. */
  private codeSize(coder: RangeCoder, size: number): number {
    for (let k = 1; k < SIZE_ESCAPE; k += 1) {
      if (this.codeBit(coder, BIT_SIZE + k, size > k ? 1 : 0) === 0) return k;
    }
    const beyond = codeEscape(coder, size - SIZE_ESCAPE);
    return beyond < 0 ? 4 * FRAME_GAP_MAX_MS : SIZE_ESCAPE + beyond;
  }

  private codeBit(coder: RangeCoder, kind: number, bit: number): number {
    const last = kind * 3 + this.lastClass;
    return this.model.code(coder, bit, BOTH + last * 3 + this.beforeLastClass, LAST + last, NONE + kind, 0);
  }
}
