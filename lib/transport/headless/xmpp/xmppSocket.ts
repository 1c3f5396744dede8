import { EventEmitter } from 'node:events';
import { WebSocket } from 'ws';

const HANDSHAKE_MAX_MS = 8_000;
/** Largest stanza taken, bytes. */
const FRAME_MAX_BYTES = 256 * 1024;
/** A server is asked for a sign of life this often. */
const PING_INTERVAL_MS = 3_000;
/** Rounds are counted, not timed: a stall of this process must not look like one of the network. */
const SILENT_ROUNDS_MAX = 2;

/**
 * The socket that @xmpp/client speaks through, as its own needs a global `WebSocket`, which Node has only since version 22.
 * Emits what that library listens for: `connect`, `data`, `error` and `close`. A frame that makes the library throw costs
 * the socket, never the process.
 */
export class XmppSocket extends EventEmitter {
  /** Read by the library, which would else send credentials or its address too early; ANONYMOUS needs neither. */
  readonly secure = false;
  private socket: WebSocket | null = null;
  private pinging: NodeJS.Timeout | null = null;
  private silentRounds = 0;

  connect(url: string): void {
    const options = { handshakeTimeout: HANDSHAKE_MAX_MS, maxPayload: FRAME_MAX_BYTES, perMessageDeflate: false };
    const socket = new WebSocket(url, ['xmpp'], options);
    this.socket = socket;
    socket.on('open', () => {
      this.pinging = setInterval(() => this.ping(), PING_INTERVAL_MS);
      this.emit('connect');
    });
    socket.on('message', (data) => this.take(data.toString()));
    socket.on('pong', () => this.noteHeard());
    socket.on('ping', () => this.noteHeard());
    socket.on('error', (error) => this.emit('error', error));
    socket.on('close', (code, reason) => this.onClose(code, reason.toString()));
  }

  /** Called by the library to send a frame; `done` hears of it later. */
  write(text: string, done?: (error?: Error) => void): void {
    const { socket } = this;
    if (socket?.readyState === WebSocket.OPEN) {
      socket.send(text);
      if (done) queueMicrotask(() => done());
    } else if (done) queueMicrotask(() => done(new Error('The socket is not open.')));
  }

  /** Called by the library to close it in an orderly way. */
  end(): void {
    this.socket?.close();
  }

  /** Cuts it without a word, as a broken network does. */
  terminate(): void {
    this.socket?.terminate();
  }

  private take(frame: string): void {
    this.noteHeard();
    try {
      this.emit('data', frame);
    } catch {
      this.terminate();
    }
  }

  private noteHeard(): void {
    this.silentRounds = 0;
  }

  private ping(): void {
    this.silentRounds += 1;
    if (this.silentRounds > SILENT_ROUNDS_MAX) this.terminate();
    else if (this.socket?.readyState === WebSocket.OPEN) this.socket.ping();
  }

  private onClose(code: number, reason: string): void {
    if (this.pinging) clearInterval(this.pinging);
    this.pinging = null;
    this.socket = null;
    this.emit('close', code !== 1000, { code, reason });
  }
}
