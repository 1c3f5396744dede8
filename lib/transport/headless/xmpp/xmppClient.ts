import { type Client, client } from '@xmpp/client';
import type { Element } from '../element';
import { XmppSocket } from './xmppSocket';

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
