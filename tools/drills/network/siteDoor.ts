import {
  Agent,
  createServer,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { request as httpsRequest, Agent as TlsAgent } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Aliases, replaceInAnswer } from './addresses';
import { XmppRelay } from './xmppRelay';

/** What the door is in, as its clients see it. */
interface SurroundingNetwork {
  /** Where clients reach the door. */
  readonly url: string;
  /** See {@link Aliases.portFor}. */
  portFor: Aliases['portFor'];
}

/** Start of the paths that stand for other servers than the site; its number follows. */
const ELSEWHERE = /^\/~(\d+)(\/.*)$/;
/** Headers that hold for one connection only. */
const HOP_HEADERS = ['connection', 'keep-alive', 'transfer-encoding'];
const AWAY = 'HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';

/**
 * A web server that stands for a site and for the Jitsi that it uses, and answers with addresses under its own: whatever a page or
 * a program does then goes through the network that it is in. To site and Jitsi it calls itself by their own names.
 */
export class SiteDoor {
  private readonly server: Server;
  private readonly origins: string[] = [];
  private readonly relay: XmppRelay;
  private readonly agents = { 'http:': new Agent({ keepAlive: true }), 'https:': new TlsAgent({ keepAlive: true }) };
  private network: SurroundingNetwork | null = null;

  private constructor(private readonly siteUrl: string) {
    this.relay = new XmppRelay({
      urlFor: (url) => this.aliasOf(url),
      portFor: (address, carriesChannel) => this.network!.portFor(address, carriesChannel),
    });
    this.server = createServer((request, response) => this.onRequest(request, response));
    this.server.on('upgrade', (request, socket, head) => this.onUpgrade(request, socket, head));
  }

  /** Opens the door of the site at `siteUrl`. It is of no use before {@link placeIn}. */
  static async open(siteUrl: string): Promise<SiteDoor> {
    const door = new SiteDoor(siteUrl);
    await new Promise<void>((resolve) => door.server.listen(0, '127.0.0.1', resolve));
    return door;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  placeIn(network: SurroundingNetwork): void {
    this.network = network;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    for (const agent of Object.values(this.agents)) agent.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** The address under the door's own for one of any web server. */
  private aliasOf(url: string): string {
    const { protocol, host, pathname, search } = new URL(url);
    const origin = `${protocol.replace(/^ws/, 'http')}//${host}`;
    const known = this.origins.indexOf(origin);
    const index = known >= 0 ? known : this.origins.push(origin) - 1;
    const own = protocol.startsWith('ws') ? this.network!.url.replace(/^http/, 'ws') : this.network!.url;
    return `${own}/~${index}${pathname}${search}`;
  }

  /** What a request is for. */
  private targetOf({ url = '/' }: IncomingMessage): URL {
    const [, index, path] = ELSEWHERE.exec(url) ?? [];
    const origin = index === undefined ? undefined : this.origins[Number(index)];
    return origin === undefined ? new URL(url, this.siteUrl) : new URL(path!, origin);
  }

  private headersFor(target: URL, { headers }: IncomingMessage): IncomingHttpHeaders {
    const named: IncomingHttpHeaders = { ...headers, host: target.host };
    if (named.origin !== undefined) named.origin = new URL(this.siteUrl).origin;
    if (named.referer !== undefined)
      named.referer = named.referer.replace(this.network!.url, new URL(this.siteUrl).origin);
    return named;
  }

  private ask(target: URL, request: IncomingMessage, headers: IncomingHttpHeaders) {
    const send = target.protocol === 'https:' ? httpsRequest : httpRequest;
    const agent = this.agents[target.protocol as keyof typeof this.agents];
    return send(target, { method: request.method, headers, agent });
  }

  private onRequest(request: IncomingMessage, response: ServerResponse): void {
    const target = this.targetOf(request);
    const headers = this.headersFor(target, request);
    const namesJitsi = target.pathname.includes('/meeting.join');
    if (namesJitsi) delete headers['accept-encoding'];
    const asked = this.ask(target, request, headers);
    asked.on('error', () => response.destroy());
    asked.on('response', (answer) => {
      const kept = Object.fromEntries(Object.entries(answer.headers).filter(([name]) => !HOP_HEADERS.includes(name)));
      if (namesJitsi) void this.answerReplaced(answer, kept, response);
      else {
        response.writeHead(answer.statusCode ?? 502, kept);
        // A stream's reader waits for its beginning.
        response.flushHeaders();
        answer.pipe(response);
        answer.on('error', () => response.destroy());
      }
    });
    response.on('close', () => asked.destroy());
    request.pipe(asked);
  }

  private async answerReplaced(
    answer: IncomingMessage,
    headers: IncomingHttpHeaders,
    response: ServerResponse,
  ): Promise<void> {
    try {
      const chunks: Buffer[] = [];
      for await (const chunk of answer) chunks.push(chunk as Buffer);
      const text = replaceInAnswer(Buffer.concat(chunks).toString(), { urlFor: (url) => this.aliasOf(url) });
      response.writeHead(answer.statusCode ?? 502, { ...headers, 'content-length': Buffer.byteLength(text) });
      response.end(text);
    } catch {
      response.destroy();
    }
  }

  private onUpgrade(request: IncomingMessage, client: Duplex, head: Buffer): void {
    client.on('error', () => client.destroy());
    const target = this.targetOf(request);
    if (target.pathname.endsWith('/xmpp-websocket')) {
      const url = target.href.replace(/^http/, 'ws');
      this.relay.upgrade(url, new URL(this.siteUrl).origin, request, client, head);
      return;
    }
    const asked = this.ask(target, request, this.headersFor(target, request));
    asked.on('error', () => client.end(AWAY));
    asked.on('response', ({ statusCode, statusMessage }) => {
      client.end(`HTTP/1.1 ${statusCode} ${statusMessage}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    });
    asked.on('upgrade', (answer, upstream, first) => this.connect(answer, client, upstream, [head, first]));
    asked.end();
  }

  /** Passes on everything after an upgrade, as it comes. */
  private connect(answer: IncomingMessage, client: Duplex, upstream: Duplex, [sent, received]: [Buffer, Buffer]): void {
    const lines = answer.rawHeaders.map((text, k) => (k % 2 === 0 ? `${text}: ` : `${text}\r\n`)).join('');
    client.write(`HTTP/1.1 101 Switching Protocols\r\n${lines}\r\n`);
    client.write(received);
    upstream.write(sent);
    client.pipe(upstream).pipe(client);
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      one.on('error', () => other.destroy());
      one.once('close', () => other.destroy());
    }
  }
}
