/** A recording wherever it is kept: a file, an address, memory. */
export interface ByteSource {
  readonly sizeBytes: number;
  /** `sizeBytes` bytes from `atByte` on, which are the caller's; fewer only where the source ends. */
  read(atByte: number, sizeBytes: number): Promise<Uint8Array>;
}

/** Bytes that are read at once. */
const WINDOW_BYTES = 1024 * 1024;

/** A source that is kept in memory. */
export function memorySource(bytes: Uint8Array): ByteSource {
  return {
    sizeBytes: bytes.length,
    read: async (atByte, sizeBytes) => bytes.subarray(atByte, atByte + sizeBytes),
  };
}

/** Reads a source from front to back in large pieces. */
export class ByteWindow {
  private bytes: Uint8Array = new Uint8Array(0);
  private atByte = 0;

  constructor(private readonly source: ByteSource) {}

  /** Up to `sizeBytes` bytes from `atByte` on, as many as there are. */
  async read(atByte: number, sizeBytes: number): Promise<Uint8Array> {
    const wanted = Math.max(0, Math.min(sizeBytes, this.source.sizeBytes - atByte));
    const isHere = atByte >= this.atByte && atByte + wanted <= this.atByte + this.bytes.length;
    if (!isHere) {
      const most = Math.min(Math.max(wanted, WINDOW_BYTES), this.source.sizeBytes - atByte);
      this.bytes = await this.source.read(atByte, most);
      this.atByte = atByte;
    }
    const from = atByte - this.atByte;
    return this.bytes.subarray(from, from + wanted);
  }
}
