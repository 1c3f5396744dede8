import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

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

const TEXT_FRAME = 0x81;
const PONG_FRAME = 0x8a;
const HEAD_END = Buffer.from('\r\n\r\n');

/** Told of every text message; the range is valid during the call only. */
export type TextListener = (bytes: Buffer, start: number, end: number) => void;

/** A WebSocket client that does next to nothing a message: the load must not be what is measured. */
export class ThinSocket {
  onText: TextListener = () => {};
  private readonly mask = randomBytes(4);
  private readonly reader = new FrameReader({
    onText: (bytes, start, end) => this.onText(bytes, start, end),
    onPing: (bytes, start, end) => this.write(PONG_FRAME, bytes.subarray(start, end)),
    onClose: () => this.socket.destroy(),
  });

  private constructor(private readonly socket: Socket) {
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
  }

  /** Opens a WebSocket at a `ws:` address. Rejects where the upgrade is refused. */
  static async open(address: string): Promise<ThinSocket> {
    const url = new URL(address);
    const thin = new ThinSocket(connect(Number(url.port), url.hostname));
    thin.socket.write(upgradeRequest(url));
    await thin.upgraded();
    return thin;
  }

  /** Sends one text message, given as UTF-8. */
  send(text: Buffer): void {
    this.write(TEXT_FRAME, text);
  }

  close(): void {
    this.socket.destroy();
  }

  private upgraded(): Promise<void> {
    return new Promise((resolve, reject) => {
      let head = Buffer.alloc(0);
      const onData = (chunk: Buffer) => {
        head = Buffer.concat([head, chunk]);
        const end = head.indexOf(HEAD_END);
        if (end < 0) return;
        this.socket.off('data', onData);
        if (!head.toString('latin1', 0, end).startsWith('HTTP/1.1 101')) {
          this.socket.destroy();
          reject(new Error(head.toString('latin1', 0, head.indexOf('\r\n'))));
          return;
        }
        this.socket.on('data', (data: Buffer) => this.reader.push(data));
        resolve();
        // What came with the head is read once the caller has said who listens.
        const early = head.subarray(end + HEAD_END.length);
        if (early.length > 0) setImmediate(() => this.reader.push(early));
      };
      this.socket.on('data', onData);
      this.socket.once('close', () => reject(new Error('closed before the upgrade')));
    });
  }

  private write(kind: number, body: Buffer): void {
    if (this.socket.destroyed) return;
    const headerBytes = body.length < 126 ? 6 : 8;
    const frame = Buffer.allocUnsafe(headerBytes + body.length);
    frame[0] = kind;
    if (headerBytes === 6) frame[1] = 0x80 | body.length;
    else {
      frame[1] = 0x80 | 126;
      frame.writeUInt16BE(body.length, 2);
    }
    this.mask.copy(frame, headerBytes - 4);
    for (let at = 0; at < body.length; at += 1) frame[headerBytes + at] = body[at]! ^ this.mask[at & 3]!;
    this.socket.write(frame);
  }
}

function upgradeRequest(url: URL): string {
  return [
    `GET ${url.pathname}${url.search} HTTP/1.1`,
    `Host: ${url.host}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    '\r\n',
  ].join('\r\n');
}
