import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

const TICK_MS = 5;
/** Bytes that a slow wire queues before the sender notices, as a small router does. */
const QUEUE_MAX_BYTES = 16_384;

/** One direction of a connection, which can hold everything back or limit its rate. */
class Wire {
  /** Bytes passed so far. */
  passedBytes = 0;
  private queue: Buffer[] = [];
  private queuedBytes = 0;
  private isHeld = false;
  private bytesPerTick: number | null = null;
  private credit = 0;
  private timer: NodeJS.Timeout | null = null;
  private hasEnded = false;

  constructor(
    private readonly from: Socket,
    private readonly to: Socket,
  ) {
    from.on('data', (chunk: Buffer) => this.take(chunk));
    from.once('end', () => {
      this.hasEnded = true;
      this.flush();
    });
    to.on('drain', () => this.from.resume());
    to.once('close', () => this.stopTicking());
  }

  setHeld(isHeld: boolean): void {
    this.isHeld = isHeld;
    this.flush();
  }

  /** Limit in bits a second, or null for none. */
  setRate(bitsPerS: number | null): void {
    this.bytesPerTick = bitsPerS === null ? null : (bitsPerS / 8 / 1000) * TICK_MS;
    this.credit = 0;
    this.stopTicking();
    if (this.bytesPerTick !== null) this.timer = setInterval(() => this.tick(), TICK_MS).unref();
    this.flush();
  }

  private take(chunk: Buffer): void {
    this.queue.push(chunk);
    this.queuedBytes += chunk.length;
    this.flush();
    if (this.queuedBytes > QUEUE_MAX_BYTES) this.from.pause();
  }

  private tick(): void {
    const rate = this.bytesPerTick ?? 0;
    // Unused credit does not add up.
    this.credit = Math.min(this.credit + rate, Math.max(rate, 1_500));
    this.flush();
  }

  private flush(): void {
    while (!this.isHeld && this.queue.length > 0 && this.passFirst());
    if (this.queuedBytes <= QUEUE_MAX_BYTES && !this.to.writableNeedDrain) this.from.resume();
    if (this.hasEnded && this.queue.length === 0) this.to.end();
  }

  /** Passes on the first chunk, or as much of it as the rate allows. False if nothing may pass now. */
  private passFirst(): boolean {
    const chunk = this.queue[0]!;
    const most = this.bytesPerTick === null ? chunk.length : Math.min(chunk.length, Math.floor(this.credit));
    if (most === 0) return false;
    if (most === chunk.length) this.queue.shift();
    else this.queue[0] = chunk.subarray(most);
    this.queuedBytes -= most;
    this.credit -= most;
    this.passedBytes += most;
    if (!this.to.destroyed && !this.to.write(chunk.subarray(0, most))) this.from.pause();
    return true;
  }

  private stopTicking(): void {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
  }
}

/** Purpose of a connection, from its first request line. */
export type ConnectionKind = 'xmpp' | 'channel' | 'other';

/** A client's connection and the server's end of it. */
interface Pair {
  kind: ConnectionKind;
  readonly client: Socket;
  readonly upstream: Socket;
  readonly up: Wire;
  readonly down: Wire;
  isDead: boolean;
}

/** The kind of a connection, by its first request. The XMPP library also asks for the socket's address without opening one. */
export function kindOf(head: string): ConnectionKind {
  if (!/^upgrade: *websocket\r?$/im.test(head)) return 'other';
  if (/^GET \/xmpp-websocket/.test(head)) return 'xmpp';
  return /^GET \/colibri-ws\//.test(head) ? 'channel' : 'other';
}

/** A TCP network between clients and the server that fails on demand. */
export class NetworkProxy {
  private readonly pairs = new Set<Pair>();
  private readonly openings: { readonly kind: ConnectionKind; readonly atMs: number }[] = [];
  private isAway = false;
  private isStalled = false;
  private downBitsPerS: number | null = null;

  private constructor(
    private readonly server: Server,
    private readonly target: { readonly host: string; readonly port: number },
  ) {
    server.on('connection', (client) => this.accept(client));
  }

  /** Listens on a free port of this machine and forwards to `url`. */
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

  /** Resets every open connection of these kinds (all if none are named); new ones pass. */
  cut(...kinds: readonly ConnectionKind[]): void {
    for (const pair of [...this.pairs]) if (kinds.length === 0 || kinds.includes(pair.kind)) end(pair);
  }

  /** Stops all data on open connections of these kinds without telling either end; new ones pass. */
  deaden(...kinds: readonly ConnectionKind[]): void {
    for (const pair of this.pairs) {
      if (kinds.length > 0 && !kinds.includes(pair.kind)) continue;
      pair.isDead = true;
      hold(pair, true);
    }
  }

  /** Takes the network away: nothing passes, nothing new connects, and neither end is told. */
  leave(): void {
    this.isAway = true;
    this.deaden();
  }

  /** Brings back another network: connections opened before stay dead. */
  comeBack(): void {
    this.isAway = false;
  }

  /** Holds all data back in both directions (true), then releases it at once (false), as a stalling radio does. */
  setStalled(isStalled: boolean): void {
    this.isStalled = isStalled;
    for (const pair of this.pairs) if (!pair.isDead) hold(pair, isStalled);
  }

  /** Number of connections of a kind opened at or after `sinceMs` (`performance.now`), whether they still stand or not. */
  openedSince(kind: ConnectionKind, sinceMs: number): number {
    return this.openings.filter((opening) => opening.kind === kind && opening.atMs >= sinceMs).length;
  }

  /** Bytes sent to clients so far on open connections of a kind. */
  bytesDown(kind: ConnectionKind): number {
    return [...this.pairs].reduce((sum, pair) => sum + (pair.kind === kind ? pair.down.passedBytes : 0), 0);
  }

  /** Limits each connection to its client to `bitsPerS`; null for no limit. */
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
    const atMs = performance.now();
    const pair: Pair = { kind: 'other', client, upstream, up, down, isDead: false };
    this.pairs.add(pair);
    down.setRate(this.downBitsPerS);
    hold(pair, this.isStalled);
    client.once('data', (first: Buffer) => {
      pair.kind = kindOf(first.toString('latin1'));
      this.openings.push({ kind: pair.kind, atMs });
    });
    for (const socket of [client, upstream]) {
      socket.on('error', () => {});
      socket.once('close', () => this.onClosed(pair));
    }
  }

  private onClosed(pair: Pair): void {
    // On a dead connection neither end learns that the other has gone.
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
