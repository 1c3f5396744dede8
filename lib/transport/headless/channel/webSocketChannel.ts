import { WebSocket } from 'ws';
import type { BridgeChannel, ChannelEvents } from './bridgeChannel';

/** Pauses before attempts to come back; the last one stays. */
const RETRY_PAUSES_MS = [500, 1_000, 2_000];
const HANDSHAKE_MAX_MS = 5_000;
const MESSAGE_MAX_BYTES = 256 * 1024;

/** A bridge channel over a WebSocket (colibri-ws) that comes back by itself until it is closed. */
export class WebSocketChannel implements BridgeChannel {
  readonly kind = 'websocket';
  private socket: WebSocket | null = null;
  private retry: NodeJS.Timeout | null = null;
  private attempts = 0;
  private isClosed = false;

  constructor(
    private readonly url: string,
    private readonly events: ChannelEvents,
  ) {
    this.dial();
  }

  get isOpen(): boolean {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  get bufferedBytes(): number {
    return this.socket?.bufferedAmount ?? 0;
  }

  send(text: string): boolean {
    const { socket } = this;
    if (socket?.readyState !== WebSocket.OPEN) return false;
    socket.send(text);
    return true;
  }

  close(): void {
    this.isClosed = true;
    if (this.retry) clearTimeout(this.retry);
    this.socket?.close(1000);
    this.socket = null;
  }

  cut(): void {
    this.socket?.terminate();
  }

  private dial(): void {
    const options = { handshakeTimeout: HANDSHAKE_MAX_MS, maxPayload: MESSAGE_MAX_BYTES, perMessageDeflate: false };
    const socket = new WebSocket(this.url, options);
    this.socket = socket;
    let wasOpen = false;
    socket.on('open', () => {
      if (this.isClosed) return;
      wasOpen = true;
      this.attempts = 0;
      this.events.onOpen(true);
    });
    socket.on('message', (data, isBinary) => {
      if (!isBinary && !this.isClosed) this.events.onText(data.toString());
    });
    // `close` follows and tells what matters.
    socket.on('error', () => {});
    socket.on('close', () => {
      if (this.isClosed) return;
      if (wasOpen) this.events.onOpen(false);
      this.dialLater();
    });
  }

  private dialLater(): void {
    const pauseMs = RETRY_PAUSES_MS[Math.min(this.attempts, RETRY_PAUSES_MS.length - 1)];
    this.attempts += 1;
    this.retry = setTimeout(() => this.dial(), pauseMs);
  }
}
