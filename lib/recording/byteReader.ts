import { VARINT_BASE } from './byteWriter';
import { RecordingError } from './recordingError';

const VARINT_BYTES_MAX = 3;

/** Reads numbers and bytes between two places of a buffer, and nothing outside them. Every method throws RecordingError `malformed`. */
export class ByteReader {
  private readonly view: DataView;

  constructor(
    private readonly buffer: Uint8Array,
    /** Where the next read begins. */
    public at: number,
    private readonly end: number,
    private readonly where: string,
  ) {
    this.view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  }

  get isAtEnd(): boolean {
    return this.at >= this.end;
  }

  u8(): number {
    return this.view.getUint8(this.take(1));
  }

  u16(): number {
    return this.view.getUint16(this.take(2), true);
  }

  u32(): number {
    return this.view.getUint32(this.take(4), true);
  }

  i32(): number {
    return this.view.getInt32(this.take(4), true);
  }

  varint(): number {
    let value = 0;
    for (let k = 0; k < VARINT_BYTES_MAX; k += 1) {
      const byte = this.u8();
      value += (byte % VARINT_BASE) * VARINT_BASE ** k;
      // One number is written in one way.
      if (byte < VARINT_BASE) return byte === 0 && k > 0 ? this.fail() : value;
    }
    return this.fail();
  }

  /** A view of the next `count` bytes. */
  bytes(count: number): Uint8Array {
    const from = this.take(count);
    return this.buffer.subarray(from, from + count);
  }

  fail(): never {
    throw RecordingError.malformed(this.where);
  }

  private take(count: number): number {
    const from = this.at;
    if (from + count > this.end) this.fail();
    this.at = from + count;
    return from;
  }
}
