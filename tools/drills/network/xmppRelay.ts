import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { type Aliases, replaceInOffer, withoutOwnCandidates } from './addresses';

const HANDSHAKE_MAX_MS = 10_000;
/** What a WebSocket closes with if the other side said nothing, or is gone: neither may be sent. */
const NO_STATUS = 1005;
const GONE = 1006;

const OPTIONS = { perMessageDeflate: false, autoPong: false } as const;

/** Passes XMPP over WebSockets on, stanza by stanza and with every ping, and replaces the addresses of bridges in offers. */
export class XmppRelay {
  private readonly server = new WebSocketServer({ noServer: true, clientTracking: false, ...OPTIONS });

  constructor(private readonly aliases: Aliases) {}

  /** Opens the socket at `url` and then completes the client's upgrade, or refuses it as that one was refused. */
  upgrade(url: string, origin: string, request: IncomingMessage, client: Duplex, head: Buffer): void {
    const upstream = new WebSocket(url, ['xmpp'], { ...OPTIONS, handshakeTimeout: HANDSHAKE_MAX_MS, origin });
    const early: string[] = [];
    const onEarly = (data: Buffer) => early.push(data.toString());
    upstream.on('message', onEarly);
    upstream.on('error', () => client.destroy());
    upstream.once('unexpected-response', (_request, { statusCode, statusMessage }) => {
      client.end(`HTTP/1.1 ${statusCode} ${statusMessage}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      upstream.terminate();
    });
    client.once('close', () => upstream.readyState === WebSocket.CONNECTING && upstream.terminate());
    upstream.once('open', () => {
      this.server.handleUpgrade(request, client, head, (downstream) => {
        upstream.off('message', onEarly);
        this.join(downstream, upstream, early);
      });
    });
  }

  private join(client: WebSocket, server: WebSocket, early: readonly string[]): void {
    const channel = { isWebSocket: false };
    let passing = Promise.resolve();
    // One after the other: a path may have to be opened first.
    const pass = (text: string) => {
      passing = passing
        .then(() => replaceInOffer(text, this.aliases, channel))
        .then((replaced) => {
          if (client.readyState === WebSocket.OPEN) client.send(replaced);
        })
        .catch(() => client.terminate());
    };
    for (const text of early) pass(text);
    server.on('message', (data) => pass(data.toString()));
    client.on('message', (data) => {
      if (server.readyState === WebSocket.OPEN) server.send(withoutOwnCandidates(data.toString()));
    });
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      one.on('ping', (data) => other.readyState === WebSocket.OPEN && other.ping(data));
      one.on('pong', (data) => other.readyState === WebSocket.OPEN && other.pong(data));
      one.on('error', () => {});
      one.on('close', (code, reason) => {
        // What was on its way comes first.
        void passing.then(() => end(other, code, reason.toString()));
      });
    }
  }
}

/** Ends a socket as its counterpart has ended. */
function end(socket: WebSocket, code: number, reason: string): void {
  if (code === GONE) socket.terminate();
  else if (code === NO_STATUS) socket.close();
  else socket.close(code, reason);
}
