import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { Wire } from './wire';

/** What a connection is for, as its first request line says. */
export type ConnectionKind = 'xmpp' | 'channel' | 'other';

/** One browser connection and the server's end of it. */
interface Pair {
  kind: ConnectionKind;
  readonly client: Socket;
  readonly upstream: Socket;
  readonly up: Wire;
  readonly down: Wire;
  readonly openedAtMs: number;
  isDead: boolean;
}

/** The kind of a connection by the first bytes a client sent. */
export function kindOf(firstBytes: string): ConnectionKind {
  if (/^GET \/xmpp-websocket/.test(firstBytes)) return 'xmpp';
  return /^GET \/colibri-ws\//.test(firstBytes) ? 'channel' : 'other';
}

/** A network between clients and the server that fails when told to. It knows TCP alone. */
export class NetworkProxy {
  private readonly pairs = new Set<Pair>();
  private isAway = false;
  private isStalled = false;
  private downBitsPerS: number | null = null;

  private constructor(
    private readonly server: Server,
    private readonly target: { readonly host: string; readonly port: number },
  ) {
    server.on('connection', (client) => this.accept(client));
  }

  /** Listens on a free port of this machine and leads to `url`. */
  static async start(url: string): Promise<NetworkProxy> {
    const { hostname, port } = new URL(url);
    const server = createServer();
    const proxy = new NetworkProxy(server, { host: hostname, port: Number(port || 80) });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `http://localhost:${(this.server.address() as AddressInfo).port}`;
  }

  /** Breaks every open connection of these kinds, as a reset does; new ones are let through. */
  cut(...kinds: readonly ConnectionKind[]): void {
    for (const pair of [...this.pairs]) if (kinds.length === 0 || kinds.includes(pair.kind)) end(pair);
  }

  /** Lets nothing pass any more on open connections of these kinds, and tells neither end; new ones are let through. */
  deaden(...kinds: readonly ConnectionKind[]): void {
    for (const pair of this.pairs) {
      if (kinds.length > 0 && !kinds.includes(pair.kind)) continue;
      pair.isDead = true;
      hold(pair, true);
    }
  }

  /** The network is gone: nothing passes, nothing new connects, and neither end is told. */
  leave(): void {
    this.isAway = true;
    this.deaden();
  }

  /** The network is back, another one: what was open before stays dead. */
  comeBack(): void {
    this.isAway = false;
  }

  /** Holds everything back both ways (true), then lets it all through at once (false), as a radio that stalls. */
  setStalled(isStalled: boolean): void {
    this.isStalled = isStalled;
    for (const pair of this.pairs) if (!pair.isDead) hold(pair, isStalled);
  }

  /** Connections of a kind that were opened at or after `sinceMs` (`performance.now`). */
  openedSince(kind: ConnectionKind, sinceMs: number): number {
    return [...this.pairs].filter((pair) => pair.kind === kind && pair.openedAtMs >= sinceMs).length;
  }

  /** Bytes that went down open connections of a kind so far. */
  bytesDown(kind: ConnectionKind): number {
    return [...this.pairs].reduce((sum, pair) => sum + (pair.kind === kind ? pair.down.passedBytes : 0), 0);
  }

  /** Lets `bitsPerS` through to each client connection; null for no bound. */
  throttle(bitsPerS: number | null): void {
    this.downBitsPerS = bitsPerS;
    for (const { down } of this.pairs) down.setRate(bitsPerS);
  }

  /** Ends everything. */
  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private accept(client: Socket): void {
    if (this.isAway) {
      client.destroy();
      return;
    }
    const upstream = connect({ ...this.target, noDelay: true });
    client.setNoDelay(true);
    const [up, down] = [new Wire(client, upstream), new Wire(upstream, client)];
    const pair: Pair = { kind: 'other', client, upstream, up, down, openedAtMs: performance.now(), isDead: false };
    this.pairs.add(pair);
    down.setRate(this.downBitsPerS);
    hold(pair, this.isStalled);
    client.once('data', (first: Buffer) => {
      pair.kind = kindOf(first.toString('latin1', 0, 64));
    });
    for (const socket of [client, upstream]) {
      socket.on('error', () => {});
      socket.once('close', () => this.onClosed(pair));
    }
  }

  private onClosed(pair: Pair): void {
    // On a dead way neither end learns that the other has gone.
    if (pair.isDead && !(pair.client.closed && pair.upstream.closed)) return;
    end(pair);
    this.pairs.delete(pair);
  }
}

function hold({ up, down }: Pair, isHeld: boolean): void {
  up.setHeld(isHeld);
  down.setHeld(isHeld);
}

function end({ client, upstream }: Pair): void {
  client.destroy();
  upstream.destroy();
}
