const TEXT = 0x1;
const CLOSE = 0x8;
const PING = 0x9;

/** What a server's WebSocket frames tell. Ranges are valid during the call only. */
export interface FrameListener {
  onText(bytes: Buffer, start: number, end: number): void;
  onPing(bytes: Buffer, start: number, end: number): void;
  onClose(): void;
}

/** Size of a frame's header and body. */
interface FrameSize {
  readonly headerBytes: number;
  readonly bodyBytes: number;
}

/**
 * Reads a server's WebSocket frames (RFC 6455 5.2: unmasked, here never fragmented) without an allocation a frame, so that
 * one core of load keeps several rooms busy.
 */
export class FrameReader {
  private rest: Buffer = Buffer.alloc(0);

  constructor(private readonly listener: FrameListener) {}

  /** Takes the next bytes of the connection. */
  push(chunk: Buffer): void {
    const bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    let at = 0;
    for (let size = sizeAt(bytes, at); size; size = sizeAt(bytes, at)) {
      const start = at + size.headerBytes;
      const end = start + size.bodyBytes;
      if (end > bytes.length) break;
      this.tell(bytes[at]! & 0x0f, bytes, start, end);
      at = end;
    }
    this.rest = bytes.subarray(at);
  }

  private tell(opcode: number, bytes: Buffer, start: number, end: number): void {
    if (opcode === TEXT) this.listener.onText(bytes, start, end);
    else if (opcode === PING) this.listener.onPing(bytes, start, end);
    else if (opcode === CLOSE) this.listener.onClose();
  }
}

const size = { headerBytes: 0, bodyBytes: 0 };

/** The frame at `at`, in an object that the next call overwrites; null where its header is not whole yet. */
function sizeAt(bytes: Buffer, at: number): FrameSize | null {
  const left = bytes.length - at;
  if (left < 2) return null;
  const short = bytes[at + 1]! & 0x7f;
  size.headerBytes = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (left < size.headerBytes) return null;
  size.bodyBytes = short < 126 ? short : short === 126 ? bytes.readUInt16BE(at + 2) : bytes.readUIntBE(at + 4, 6);
  return size;
}
