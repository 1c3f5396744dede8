/** Below this width the interval is widened by a byte. */
const RANGE_MIN = 0x1000000;
const RANGE_FULL = 0xffffffff;
/** Bytes of each number of the state. */
const STATE_BYTES = 4;

// Indices into the state: a typed array keeps 32-bit numbers unboxed.
const LOW = 0;
const RANGE = 1;
const CODE = 2;

/**
 * A binary arithmetic coder with 32 bits of state, for both directions: `code` writes the bit it is given; after
 * `startReading` it ignores that bit and returns the one it reads. So a model is written once for both sides.
 */
export class RangeCoder {
  private readonly state = new Uint32Array(3);
  private bytes: Uint8Array = new Uint8Array(0);
  private at = 0;
  private start = 0;
  private end = 0;
  private isReading = false;

  /** Starts writing at `start` of `bytes`, at most up to `end`. */
  startWriting(bytes: Uint8Array, start: number, end: number): void {
    this.begin(bytes, start, end);
    this.isReading = false;
  }

  /** Starts reading the bytes from `start` to `end`; after them it reads zeros. */
  startReading(bytes: Uint8Array, start: number, end: number): void {
    this.begin(bytes, start, end);
    this.isReading = true;
    for (let k = 0; k < STATE_BYTES; k += 1) this.state[CODE] = (this.state[CODE]! << 8) | this.nextByte();
  }

  /**
   * Codes a bit that is 1 with a probability of `probability` / 65536 (1 to 65535), and returns it. The upper part of
   * the interval stands for 0, the lower for 1.
   */
  code(bit: number, probability: number): number {
    const { state } = this;
    const bound = (state[RANGE]! >>> 16) * probability;
    let coded = bit;
    if (this.isReading) {
      coded = state[CODE]! < bound ? 1 : 0;
      if (coded === 0) state[CODE] = state[CODE]! - bound;
    } else if (bit === 0) {
      // Not passed to a function: V8 boxes numbers of 2^31 and more on the way.
      const low = state[LOW]! + bound;
      state[LOW] = low;
      if (low > RANGE_FULL) this.carry();
    }
    let range = coded === 1 ? bound : state[RANGE]! - bound;
    while (range < RANGE_MIN) {
      range = (range << 8) >>> 0;
      this.shift();
    }
    state[RANGE] = range;
    return coded;
  }

  /** Codes the lowest `count` bits of `value`, highest first and without a model, and returns them. */
  codeRaw(value: number, count: number): number {
    let coded = 0;
    for (let k = count - 1; k >= 0; k -= 1) coded = (coded << 1) | this.code((value >>> k) & 1, 0x8000);
    return coded;
  }

  /** Ends writing with the fewest bytes that name the interval; returns the offset after them. */
  finishWriting(): number {
    const low = this.state[LOW]!;
    const high = low + this.state[RANGE]! - 1;
    let step = 2 ** 32;
    while (Math.floor(high / step) * step < low) step /= 2;
    const raised = Math.floor(high / step) * step;
    this.state[LOW] = raised;
    if (raised > RANGE_FULL) this.carry();
    const whole = this.at;
    for (let k = 0; k < STATE_BYTES; k += 1) this.shift();
    // Bytes that did not fit were counted too: they must not be taken for zeros.
    while (this.at > whole && this.at <= this.end && this.bytes[this.at - 1] === 0) this.at -= 1;
    return this.at;
  }

  /** Whether more was written than fits in the bytes. */
  get isOverfull(): boolean {
    return this.at > this.end;
  }

  /**
   * Whether a whole packet was read: no byte is left over, and none is missing but the zeros that a writer cuts off.
   */
  get isReadWhole(): boolean {
    return this.at >= this.end && this.at <= this.end + STATE_BYTES;
  }

  private begin(bytes: Uint8Array, start: number, end: number): void {
    this.bytes = bytes;
    this.start = start;
    this.at = start;
    this.end = end;
    this.state[LOW] = 0;
    this.state[RANGE] = RANGE_FULL;
    this.state[CODE] = 0;
  }

  /** Adds one to the number formed by the bytes written so far. */
  private carry(): void {
    let at = Math.min(this.at, this.end) - 1;
    while (at >= this.start && this.bytes[at] === 0xff) {
      this.bytes[at] = 0;
      at -= 1;
    }
    if (at >= this.start) this.bytes[at] = this.bytes[at]! + 1;
  }

  private shift(): void {
    const { state } = this;
    if (this.isReading) state[CODE] = (state[CODE]! << 8) | this.nextByte();
    else {
      if (this.at < this.end) this.bytes[this.at] = state[LOW]! >>> 24;
      this.at += 1;
      state[LOW] = state[LOW]! << 8;
    }
  }

  private nextByte(): number {
    const byte = this.at < this.end ? this.bytes[this.at]! : 0;
    this.at += 1;
    return byte;
  }
}

/** Bits of the longest escaped number, without its first; no number of a pose is longer. */
const ESCAPE_BITS_MAX = 20;

/** Codes a whole number of 0 or more by an exponential Golomb code; returns it, or -1 where it is too long. */
export function codeEscape(coder: RangeCoder, value: number): number {
  const bits = 31 - Math.clz32(value + 1);
  let length = 0;
  while (coder.codeRaw(length < bits ? 1 : 0, 1) === 1) {
    length += 1;
    if (length > ESCAPE_BITS_MAX) return -1;
  }
  return ((1 << length) | coder.codeRaw(value + 1, length)) - 1;
}
