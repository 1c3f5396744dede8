/** Writes fields of up to 16 bits into a buffer, highest bit first. */
export class FieldWriter {
  private sizeBits = 0;

  constructor(readonly bytes: Uint8Array) {}

  start(): void {
    this.sizeBits = 0;
    this.bytes.fill(0);
  }

  write(value: number, bits: number): void {
    for (let left = bits; left > 0; ) {
      const free = 8 - (this.sizeBits & 7);
      const taken = Math.min(free, left);
      const field = (value >>> (left - taken)) & ((1 << taken) - 1);
      this.bytes[this.sizeBits >> 3]! |= field << (free - taken);
      this.sizeBits += taken;
      left -= taken;
    }
  }

  get sizeBytes(): number {
    return (this.sizeBits + 7) >> 3;
  }
}

/** Reads what {@link FieldWriter} wrote. */
export class FieldReader {
  private bytes: Uint8Array = new Uint8Array(0);
  private atBit = 0;

  start(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.atBit = 0;
  }

  read(bits: number): number {
    let value = 0;
    for (let left = bits; left > 0; ) {
      const free = 8 - (this.atBit & 7);
      const taken = Math.min(free, left);
      value = (value << taken) | ((this.bytes[this.atBit >> 3]! >> (free - taken)) & ((1 << taken) - 1));
      this.atBit += taken;
      left -= taken;
    }
    return value;
  }
}
