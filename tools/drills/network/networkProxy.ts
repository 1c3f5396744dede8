import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { BridgeAddress } from './addresses';
import type { Carriage, CarriageKind } from './carriage';
import { type AdmitFlow, DatagramPath } from './datagramPath';
import { Wire } from './wire';

/** The kind of a connection, by its first request. The XMPP library also asks for the socket's address without opening one. */
export function kindOf(head: string): CarriageKind {
  if (!/^upgrade: *websocket\r?$/im.test(head)) return 'other';
  if (/^GET \S*\/xmpp-websocket/.test(head)) return 'xmpp';
  return /^GET \S*\/colibri-ws\//.test(head) ? 'channel' : 'other';
}

/** A client's connection and the server's end of it. */
class Pair implements Carriage {
  kind: CarriageKind = 'other';
  isDead = false;
  private readonly up: Wire;
  private readonly down: Wire;

  constructor(
    readonly client: Socket,
    readonly upstream: Socket,
  ) {
    this.up = new Wire(client, upstream);
    this.down = new Wire(upstream, client);
  }

  get bytesDown(): number {
    return this.down.passedBytes;
  }

  /** A connection carries none. */
  get datagramsDown(): number {
    return 0;
  }

  hold(isHeld: boolean): void {
    if (this.isDead) return;
    this.up.setHeld(isHeld);
    this.down.setHeld(isHeld);
  }

  deaden(): void {
    this.hold(true);
    this.isDead = true;
  }

  cut(): void {
    this.client.destroy();
    this.upstream.destroy();
  }

  throttle(bitsPerS: number | null): void {
    this.down.setRate(bitsPerS);
  }
}

/** A network between clients and a server that fails on demand: connections, and datagrams on paths that are opened in it. */
export class NetworkProxy {
  private readonly carriages = new Set<Carriage>();
  private readonly paths: DatagramPath[] = [];
  private readonly openings: { readonly kind: CarriageKind; readonly atMs: number }[] = [];
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

  /** Opens a path for datagrams. Resolves with the port on 127.0.0.1 that stands for the bridge's address. */
  async openPath(kind: CarriageKind, bridge: BridgeAddress): Promise<number> {
    const path = await DatagramPath.open(kind, bridge, this.admitFlow);
    this.paths.push(path);
    return path.port;
  }

  /** Ends every open connection of these kinds (all if none are named); new ones pass. Ends of datagrams are not told. */
  cut(...kinds: readonly CarriageKind[]): void {
    for (const carriage of this.those(kinds)) carriage.cut();
  }

  /** Stops all data on open connections of these kinds without telling either end; new ones pass. */
  deaden(...kinds: readonly CarriageKind[]): void {
    for (const carriage of this.those(kinds)) carriage.deaden();
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
    for (const carriage of this.carriages) carriage.hold(isStalled);
  }

  /** Number of connections of a kind opened at or after `sinceMs` (`performance.now`), whether they still stand or not. */
  openedSince(kind: CarriageKind, sinceMs: number): number {
    return this.openings.filter((opening) => opening.kind === kind && opening.atMs >= sinceMs).length;
  }

  /** Bytes sent to clients so far on open connections of a kind. */
  bytesDown(kind: CarriageKind): number {
    return this.those([kind]).reduce((sum, { bytesDown }) => sum + bytesDown, 0);
  }

  /** Datagrams sent to clients so far on open paths of a kind. */
  datagramsDown(kind: CarriageKind): number {
    return this.those([kind]).reduce((sum, { datagramsDown }) => sum + datagramsDown, 0);
  }

  /** Limits each connection to its client to `bitsPerS`; null for no limit. */
  throttle(bitsPerS: number | null): void {
    this.downBitsPerS = bitsPerS;
    for (const carriage of this.carriages) carriage.throttle(bitsPerS);
  }

  /** Ends everything. */
  async close(): Promise<void> {
    this.cut();
    for (const path of this.paths.splice(0)) path.close();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private those(kinds: readonly CarriageKind[]): Carriage[] {
    return [...this.carriages].filter(({ kind }) => kinds.length === 0 || kinds.includes(kind));
  }

  private readonly admitFlow: AdmitFlow = (flow) => {
    if (this.isAway) return false;
    this.openings.push({ kind: flow.kind, atMs: performance.now() });
    this.watch(flow);
    return true;
  };

  private watch(carriage: Carriage): void {
    this.carriages.add(carriage);
    carriage.throttle(this.downBitsPerS);
    carriage.hold(this.isStalled);
  }

  private accept(client: Socket): void {
    if (this.isAway) {
      client.destroy();
      return;
    }
    const upstream = connect({ ...this.target, noDelay: true });
    client.setNoDelay(true);
    const atMs = performance.now();
    const pair = new Pair(client, upstream);
    this.watch(pair);
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
    pair.cut();
    this.carriages.delete(pair);
  }
}
