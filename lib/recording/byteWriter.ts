/** Numbers below this take one byte, below its square two. */
export const VARINT_BASE = 0x80;

/** Bytes that `value`, 0 to 2^21 - 1, takes as a varint. */
export function varintBytes(value: number): number {
  if (value < VARINT_BASE) return 1;
  return value < VARINT_BASE * VARINT_BASE ? 2 : 3;
}

/** A buffer that is written from its start and grows up to a limit. Writing allocates nothing but for growth. */
export class ByteWriter {
  private buffer: Uint8Array;
  private view: DataView;
  private size = 0;

  constructor(
    sizeBytes: number,
    private readonly maxBytes: number,
  ) {
    this.buffer = new Uint8Array(sizeBytes);
    this.view = new DataView(this.buffer.buffer);
  }

  get sizeBytes(): number {
    return this.size;
  }

  /** What has been written; valid until the next write. */
  get written(): Uint8Array {
    return this.buffer.subarray(0, this.size);
  }

  clear(): void {
    this.size = 0;
  }

  /** Makes room for `count` more bytes; false if that is more than the limit. */
  reserve(count: number): boolean {
    const needed = this.size + count;
    if (needed > this.maxBytes) return false;
    if (needed > this.buffer.length) this.grow(needed);
    return true;
  }

  // What follows needs room that has been reserved.

  u8(value: number): void {
    this.buffer[this.size] = value;
    this.size += 1;
  }

  u16(value: number): void {
    this.view.setUint16(this.size, value, true);
    this.size += 2;
  }

  u32(value: number): void {
    this.view.setUint32(this.size, value, true);
    this.size += 4;
  }

  i32(value: number): void {
    this.view.setInt32(this.size, value, true);
    this.size += 4;
  }

  /** `value` is 0 to 2^21 - 1. */
  varint(value: number): void {
    let rest = value;
    while (rest >= VARINT_BASE) {
      this.u8((rest % VARINT_BASE) + VARINT_BASE);
      rest >>>= 7;
    }
    this.u8(rest);
  }

  bytes(from: Uint8Array): void {
    this.buffer.set(from, this.size);
    this.size += from.length;
  }

  /** Writes over four bytes that were written before. */
  u32At(at: number, value: number): void {
    this.view.setUint32(at, value, true);
  }

  u8At(at: number, value: number): void {
    this.buffer[at] = value;
  }

  private grow(needed: number): void {
    const bytes = new Uint8Array(Math.min(this.maxBytes, Math.max(needed, 2 * this.buffer.length)));
    bytes.set(this.buffer.subarray(0, this.size));
    this.buffer = bytes;
    this.view = new DataView(bytes.buffer);
  }
}
