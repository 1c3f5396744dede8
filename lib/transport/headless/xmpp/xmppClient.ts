import { EventEmitter } from 'node:events';
import { type Client, client } from '@xmpp/client';
import { WebSocket } from 'ws';
import type { Element } from '../element';

/** Longest time for a stream to open. */
const OPEN_MAX_MS = 8_000;

/** The parts of the library's stream management that its types leave out. */
interface StreamManagementDetails {
  readonly id: string;
  /** Stanzas received since the session began, as the server will be told. */
  inbound: number;
  on(event: 'resumed', listener: () => void): void;
}

/** A request, as the library passes it to a request handler. Its types leave `element` out. */
interface IncomingRequest {
  readonly stanza: Element;
  readonly element: Element;
}

/** The part of the library that is used, with typed elements. */
interface TypedClient {
  on(event: 'online', listener: (jid: { toString(): string }) => void): void;
  on(event: 'error', listener: (error: Error) => void): void;
  on(event: 'disconnect', listener: () => void): void;
  on(event: 'stanza', listener: (stanza: Element) => void): void;
  send(stanza: Element): Promise<void>;
  stop(): Promise<unknown>;
  prependListener(event: 'element', listener: (element: Element) => void): void;
  readonly iqCaller: {
    request(stanza: Element, timeoutMs: number): Promise<Element>;
    /** Requests that wait for their answer, by id. */
    readonly handlers: ReadonlyMap<string, unknown>;
  };
  readonly iqCallee: Readonly<
    Record<'get' | 'set', (xmlns: string, name: string, answer: (request: IncomingRequest) => unknown) => void>
  >;
}

/** A client of @xmpp/client over our own socket. It reconnects only when told to. */
export interface XmppClient {
  readonly client: TypedClient;
  readonly streamManagement: StreamManagementDetails;
  /**
   * Opens socket and stream, at the start or, if there was a session, to resume it. The client's events report the outcome.
   */
  dial(): Promise<void>;
  /** Cuts the socket without closing it. */
  terminate(): void;
}

/** Creates a client that is not yet connected. */
export function createXmppClient(serviceUrl: string, domain: string): XmppClient {
  const xmpp = client({ service: serviceUrl, domain });
  // `client()` does not pass on a `timeout` option.
  xmpp.timeout = OPEN_MAX_MS;
  xmpp.reconnect.stop();
  useOwnSocket(xmpp, serviceUrl);
  const typed = xmpp as unknown as TypedClient;
  const streamManagement = xmpp.streamManagement as unknown as StreamManagementDetails;
  countAnswers(typed, streamManagement);
  return {
    client: typed,
    streamManagement,
    dial: async () => {
      // Not `start()`: if opening fails, it leaves a rejected promise unhandled.
      await xmpp.connect(resumeUrl(serviceUrl, streamManagement.id));
      await xmpp.open({ domain });
    },
    terminate: () => (xmpp.socket as XmppSocket | null)?.terminate(),
  };
}

/**
 * The library does not count the answers to its own requests. A server would then send again, when the session is resumed,
 * what has long been handled, such as the offer of a session (XEP-0198, 4).
 */
function countAnswers(client: TypedClient, streamManagement: StreamManagementDetails): void {
  client.prependListener('element', ({ name, attrs }) => {
    const isAnswer = name === 'iq' && (attrs['type'] === 'result' || attrs['type'] === 'error');
    if (isAnswer && client.iqCaller.handlers.has(String(attrs['id']))) streamManagement.inbound += 1;
  });
}

/**
 * The address with the id of the session that is to be resumed, as lib-jitsi-meet writes it. Jitsi's Prosody needs it: it
 * invents a name for every anonymous login, and looks for the session under the name that this id tells.
 */
function resumeUrl(serviceUrl: string, sessionId: string): string {
  const url = new URL(serviceUrl);
  if (sessionId !== '') url.searchParams.set('previd', sessionId);
  return url.href;
}

function useOwnSocket(xmpp: Client, serviceUrl: string): void {
  const base = xmpp.transports.find((transport) => speaks(transport, serviceUrl));
  if (!base) throw new Error(`${serviceUrl} is not a WebSocket address.`);
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
/** Largest stanza accepted, bytes. */
const FRAME_MAX_BYTES = 256 * 1024;
/** How often the server is pinged. */
const PING_INTERVAL_MS = 3_000;
/** Rounds are counted rather than timed, so that a stall of this process does not look like one of the network. */
const SILENT_ROUNDS_MAX = 2;

/**
 * The socket under @xmpp/client, whose own needs a global `WebSocket`, which Node has only since version 22. Emits the events
 * the library listens for: `connect`, `data`, `error` and `close`. A frame that makes the library throw costs the socket,
 * never the process.
 */
class XmppSocket extends EventEmitter {
  /** Read by the library, which otherwise might send credentials too early; ANONYMOUS has none. */
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

  /** Called by the library to send a frame. `done` is called later. */
  write(text: string, done?: (error?: Error) => void): void {
    const { socket } = this;
    if (socket?.readyState === WebSocket.OPEN) {
      socket.send(text);
      if (done) queueMicrotask(() => done());
    } else if (done) queueMicrotask(() => done(new Error('The socket is not open.')));
  }

  /** Called by the library to close the socket in an orderly way. */
  end(): void {
    this.socket?.close();
  }

  /** Cuts the socket, as a broken network does. */
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
