import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';

/** The error code of `ws` for a frame over `maxPayload`. It has already closed the socket with 1009. */
const TOO_LARGE_CODE = 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH';

/** The handlers of a socket. Text and binary frames both come as bytes. */
export interface SocketHandlers {
  onFrame(data: Buffer, isBinary: boolean): void;
  onClose(code: number): void;
  /** A frame over the limit has arrived. The socket closes with 1009. */
  onTooLarge(): void;
}

/** Refuses an upgrade with an HTTP status. */
export function refuseUpgrade(socket: Duplex, status: string): void {
  socket.on('error', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** Accepts one kind of WebSocket, with a limit on its frames. A handler that throws costs only its own socket. */
export class WebSocketAcceptor {
  private readonly server: WebSocketServer;
  private readonly open = new Set<WebSocket>();
  private readonly closing = new Set<WebSocket>();

  constructor(
    maxPayloadBytes: number,
    private readonly reportError: (error: unknown) => void,
  ) {
    this.server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: maxPayloadBytes,
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
    socket.on('message', (data, isBinary) => {
      this.guard(socket, () => handlers.onFrame(data as Buffer, isBinary));
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === TOO_LARGE_CODE) this.guard(socket, () => handlers.onTooLarge());
    });
    socket.once('close', (code) => this.guard(socket, () => handlers.onClose(code)));
  }

  private guard(socket: WebSocket, action: () => void): void {
    try {
      action();
    } catch (error) {
      this.reportError(error);
      socket.terminate();
    }
  }
}

/** How long a client has for the closing handshake when the hub shuts down. */
const POLITE_MS = 200;
