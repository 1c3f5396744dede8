import type { Endpoint } from './endpoint';

/** First octet of an unfragmented text frame (RFC 6455, 5.2). */
const FINAL_TEXT = 0x81;
const LENGTH_16_BIT = 126;
const LENGTH_64_BIT = 127;
const SHORT_MAX = 125;
const MEDIUM_MAX = 0xffff;

function headerBytes(payloadBytes: number): number {
  if (payloadBytes <= SHORT_MAX) return 2;
  return payloadBytes <= MEDIUM_MAX ? 4 : 10;
}

function writeHeader(frame: Buffer, payloadBytes: number): void {
  frame[0] = FINAL_TEXT;
  if (payloadBytes <= SHORT_MAX) {
    frame[1] = payloadBytes;
  } else if (payloadBytes <= MEDIUM_MAX) {
    frame[1] = LENGTH_16_BIT;
    frame.writeUInt16BE(payloadBytes, 2);
  } else {
    frame[1] = LENGTH_64_BIT;
    frame.writeUInt32BE(0, 2);
    frame.writeUInt32BE(payloadBytes, 6);
  }
}

/** One message on its way out. A server's frames are not masked, so one frame serves every receiver. */
export class OutgoingMessage {
  /** The whole WebSocket text frame. */
  readonly frame: Buffer;
  private readonly headerSizeBytes: number;

  constructor(
    text: string,
    /** Who sent it; null is the bridge itself. */
    readonly from: Endpoint | null,
    /** Whom it is for; null is everybody else. */
    readonly to: Endpoint | null,
    /** When it came in, on the hub's clock. */
    readonly atMs: number,
  ) {
    const payloadBytes = Buffer.byteLength(text);
    this.headerSizeBytes = headerBytes(payloadBytes);
    this.frame = Buffer.allocUnsafe(this.headerSizeBytes + payloadBytes);
    writeHeader(this.frame, payloadBytes);
    this.frame.write(text, this.headerSizeBytes);
  }

  /** The text alone, as UTF-8. */
  get payload(): Buffer {
    return this.frame.subarray(this.headerSizeBytes);
  }

  get payloadBytes(): number {
    return this.frame.length - this.headerSizeBytes;
  }

  /** True where a newer one of the same sender makes it worthless: it went to everybody. */
  get isReplaceable(): boolean {
    return this.to === null && this.from !== null;
  }
}
