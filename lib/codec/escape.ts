import type { RangeCoder } from './rangeCoder';

/** Bits of the longest escaped number but its first: what is longer is no number of a pose. */
const ESCAPE_BITS_MAX = 20;

/** Codes a whole number of 0 or more by an exponential Golomb code of even bits; returns it, or -1 where it is too long. */
export function codeEscape(coder: RangeCoder, value: number): number {
  const bits = 31 - Math.clz32(value + 1);
  let length = 0;
  while (coder.codeRaw(length < bits ? 1 : 0, 1) === 1) {
    length += 1;
    if (length > ESCAPE_BITS_MAX) return -1;
  }
  return ((1 << length) | coder.codeRaw(value + 1, length)) - 1;
}
