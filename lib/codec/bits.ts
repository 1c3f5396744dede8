/** Writes bit fields into a byte buffer, highest bit first. Stays inside the buffer its owner sized. */
export class BitWriter {
  private at = 0;
  private pending = 0;
  private pendingBits = 0;

  constructor(private readonly bytes: Uint8Array) {}

  /** Begins anew at byte `offset`. */
  start(offset: number): void {
    this.at = offset;
    this.pending = 0;
    this.pendingBits = 0;
  }

  /** Writes the lowest `count` (at most 16) bits of `value`. */
  write(value: number, count: number): void {
    this.pending = (this.pending << count) | (value & ((1 << count) - 1));
    this.pendingBits += count;
    while (this.pendingBits >= 8) {
      this.pendingBits -= 8;
      this.bytes[this.at] = (this.pending >>> this.pendingBits) & 0xff;
      this.at += 1;
    }
    this.pending &= (1 << this.pendingBits) - 1;
  }

  /** Fills the last byte with zero bits and returns the offset behind it. */
  finish(): number {
    if (this.pendingBits > 0) this.write(0, 8 - this.pendingBits);
    return this.at;
  }
}

/** Reads bit fields, highest bit first. Behind the end of the bytes there are only zeros. */
export class BitReader {
  private bytes: Uint8Array = new Uint8Array(0);
  private at = 0;
  private pending = 0;
  private pendingBits = 0;

  /** Begins at byte `offset` of `bytes`. */
  start(bytes: Uint8Array, offset: number): void {
    this.bytes = bytes;
    this.at = offset;
    this.pending = 0;
    this.pendingBits = 0;
  }

  /** Reads `count` (at most 16) bits. */
  read(count: number): number {
    while (this.pendingBits < count) {
      this.pending = ((this.pending << 8) | (this.bytes[this.at] ?? 0)) & 0xffffff;
      this.at += 1;
      this.pendingBits += 8;
    }
    this.pendingBits -= count;
    return (this.pending >>> this.pendingBits) & ((1 << count) - 1);
  }
}
