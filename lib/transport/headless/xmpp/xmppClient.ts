import { EventEmitter } from 'node:events';
import { type Client, client } from '@xmpp/client';
import { WebSocket } from 'ws';
import type { Element } from '../element';

/** Longest that a stream may take to open. */
const OPEN_MAX_MS = 8_000;

/** What of the library's stream management its types leave out. */
interface StreamManagementDetails {
  readonly id: string;
  on(event: 'resumed', listener: () => void): void;
}

/** A request, as the library hands it to whoever answers it; its types leave `element` out. */
interface IncomingRequest {
  readonly stanza: Element;
  readonly element: Element;
}

/** What of the library is used, with its elements typed. */
export interface TypedClient {
  on(event: 'online', listener: (jid: { toString(): string }) => void): void;
  on(event: 'error', listener: (error: Error) => void): void;
  on(event: 'disconnect', listener: () => void): void;
  on(event: 'stanza', listener: (stanza: Element) => void): void;
  send(stanza: Element): Promise<void>;
  stop(): Promise<unknown>;
  readonly iqCaller: { request(stanza: Element, timeoutMs: number): Promise<Element> };
  readonly iqCallee: Readonly<
    Record<'get' | 'set', (xmlns: string, name: string, answer: (request: IncomingRequest) => unknown) => void>
  >;
}

/** A client of @xmpp/client over our own socket, which comes back only when it is told to. */
export interface XmppClient {
  readonly client: TypedClient;
  readonly streamManagement: StreamManagementDetails;
  /** Opens socket and stream, as at the start or to resume. What comes of it the client's events tell. */
  dial(): Promise<void>;
  /** Cuts the socket without a word. */
  terminate(): void;
}

/** Makes a client that is not yet connected. */
export function createXmppClient(serviceUrl: string, domain: string): XmppClient {
  const xmpp = client({ service: serviceUrl, domain });
  // `timeout` is no option that `client()` passes on.
  xmpp.timeout = OPEN_MAX_MS;
  xmpp.reconnect.stop();
  useOwnSocket(xmpp, serviceUrl);
  return {
    client: xmpp as unknown as TypedClient,
    streamManagement: xmpp.streamManagement as unknown as StreamManagementDetails,
    dial: async () => {
      // Not `start()`: a failure while it opens leaves a rejected promise that nobody holds.
      await xmpp.connect(serviceUrl);
      await xmpp.open({ domain });
    },
    terminate: () => (xmpp.socket as XmppSocket | null)?.terminate(),
  };
}

function useOwnSocket(xmpp: Client, serviceUrl: string): void {
  const base = xmpp.transports.find((transport) => speaks(transport, serviceUrl));
  if (!base) throw new Error(`${serviceUrl} is no WebSocket address.`);
  // The library's classes are configured on their prototypes.
  const own = class extends (base as unknown as new (options: never) => object) {};
  Object.assign(own.prototype, { Socket: XmppSocket });
  xmpp.transports.splice(0, xmpp.transports.length, own as unknown as typeof base);
}

function speaks(transport: Client['transports'][number], serviceUrl: string): boolean {
  if (!/^wss?:/.test(serviceUrl)) return false;
  try {
    return transport.prototype.socketParameters(serviceUrl) !== undefined;
  } catch {
    return false;
  }
}

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
