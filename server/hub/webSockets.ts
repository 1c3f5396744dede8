import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Clock } from '@/lib/core/clock';
import { TokenBucket } from '@/server/limits/tokenBuckets';
import type { HubLimits } from './hubLimits';

/** The error code of `ws` for a frame over `maxPayload`. It has already closed the socket with 1009. */
const TOO_LARGE_CODE = 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH';

/** The handlers of a socket. Text and binary frames both come as bytes. */
export interface SocketHandlers {
  onFrame(data: Buffer, isBinary: boolean): void;
  onClose(code: number): void;
  /** A frame over the limit has arrived. The socket closes with 1009. */
  onTooLarge(): void;
  /** More frames have arrived than any client sends. The socket is cut. */
  onFlood(): void;
}

/** What an acceptor is made of. */
export interface AcceptorOptions {
  readonly maxPayloadBytes: number;
  readonly limits: Pick<HubLimits, 'framesPerSecond' | 'frameBurst'>;
  readonly clock: Clock;
  readonly reportError: (error: unknown) => void;
}

/** No client breaks its messages up, and a browser hardly those of 64 KiB: each piece costs as much as a frame. */
const FRAGMENTS_MAX = 64;
/** Pieces in which the network may deliver a frame of 64 KiB: each costs some hundred bytes, however small it is. */
const PIECES_MAX = 1_024;

/** Refuses an upgrade with an HTTP status. */
export function refuseUpgrade(socket: Duplex, status: string): void {
  socket.on('error', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/**
 * Accepts one kind of WebSocket, with limits on the size and the rate of its frames. A handler that throws costs only its own
 * socket.
 */
export class WebSocketAcceptor {
  private readonly server: WebSocketServer;
  private readonly open = new Set<WebSocket>();
  private readonly closing = new Set<WebSocket>();

  constructor(private readonly options: AcceptorOptions) {
    this.server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: options.maxPayloadBytes,
      maxFragments: FRAGMENTS_MAX,
      maxBufferedChunks: PIECES_MAX,
      handleProtocols: (protocols) => (protocols.has('xmpp') ? 'xmpp' : false),
    });
  }

  get size(): number {
    return this.open.size;
  }

  /** Completes the upgrade and passes the socket to `attach`, which returns its handlers. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer, attach: (socket: WebSocket) => SocketHandlers): void {
    this.server.handleUpgrade(request, socket, head, (webSocket) => this.attach(webSocket, attach));
  }

  /** Cuts sockets that have not finished closing since the last sweep. */
  sweep(): void {
    for (const socket of this.closing) socket.terminate();
    this.closing.clear();
    for (const socket of this.open) if (socket.readyState === socket.CLOSING) this.closing.add(socket);
  }

  /** Cuts every socket. */
  terminateAll(): void {
    for (const socket of this.open) socket.terminate();
  }

  /** Closes every socket, politely first. */
  async close(): Promise<void> {
    const closed = [...this.open].map((socket) => new Promise((resolve) => socket.once('close', resolve)));
    for (const socket of this.open) socket.close(1001, 'shutting down');
    setTimeout(() => this.terminateAll(), POLITE_MS).unref();
    await Promise.all(closed);
    this.server.close();
  }

  private attach(socket: WebSocket, attach: (socket: WebSocket) => SocketHandlers): void {
    this.open.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => {
      this.open.delete(socket);
      this.closing.delete(socket);
    });
    this.guard(socket, () => this.listen(socket, attach(socket)));
  }

  private listen(socket: WebSocket, handlers: SocketHandlers): void {
    const admits = this.frameLimit(socket, handlers);
    // Frames of every kind: the smallest costs as much to read as any other.
    socket.on('message', (data, isBinary) => {
      if (admits()) this.guard(socket, () => handlers.onFrame(data as Buffer, isBinary));
    });
    socket.on('ping', admits);
    socket.on('pong', admits);
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === TOO_LARGE_CODE) this.guard(socket, () => handlers.onTooLarge());
    });
    socket.once('close', (code) => this.guard(socket, () => handlers.onClose(code)));
  }

  /**
   * Says whether one more frame is within the rate; the first that is not cuts the socket. One that is closing is watched as
   * well, since its client may go on sending.
   */
  private frameLimit(socket: WebSocket, handlers: SocketHandlers): () => boolean {
    const { limits, clock } = this.options;
    const bucket = new TokenBucket(limits.framesPerSecond, limits.frameBurst, clock.nowMs());
    let isCut = false;
    return () => {
      if (isCut) return false;
      if (bucket.tryTake(1, clock.nowMs())) return true;
      isCut = true;
      this.guard(socket, () => handlers.onFlood());
      socket.terminate();
      return false;
    };
  }

  private guard(socket: WebSocket, action: () => void): void {
    try {
      action();
    } catch (error) {
      this.options.reportError(error);
      socket.terminate();
    }
  }
}

/** How long a client has for the closing handshake when the hub shuts down. */
const POLITE_MS = 200;
