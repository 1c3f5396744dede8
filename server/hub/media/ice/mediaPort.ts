import { MediaError, type MediaSettings } from '../mediaContract';
import type { Carrier, RemoteAddress } from './carrier';
import { Routes } from './routes';
import { localUfragOf, readStun, type StunMessage } from './stunMessage';
import { TcpListener } from './tcpCarrier';
import { UdpSocket } from './udpSocket';

/** How many ports are tried, where any will do, until one is free for TCP as well. */
const ANY_PORT_TRIES = 5;

/** A media connection as the port sees it. */
export interface MediaPeer {
  /** Its own ICE user name: what a client's first check names. */
  readonly ufrag: string;
  onStun(message: StunMessage, data: Buffer, via: Carrier, from: RemoteAddress): void;
  /** Anything but STUN, from an address that the connection has claimed. */
  onDatagram(data: Buffer, via: Carrier, from: RemoteAddress): void;
}

/**
 * The one port of all media connections, UDP and TCP. STUN messages find their connection by its ICE user name, and all
 * others by the address they come from, which a connection claims once its client has authenticated there.
 */
export class MediaPort {
  readonly routes = new Routes<MediaPeer>();
  private readonly byUfrag = new Map<string, MediaPeer>();

  private constructor(
    readonly sockets: readonly UdpSocket[],
    readonly listeners: readonly TcpListener[],
    private readonly onMalformed: () => void,
  ) {
    for (const socket of sockets) socket.listen(this.receive, onMalformed);
    for (const listener of listeners) {
      listener.accept(this.receive, (carrier) => this.routes.releaseVia(carrier), onMalformed);
    }
  }

  /** Binds the port at every address. Rejects with a {@link MediaError}, and then keeps nothing bound. */
  static async bind(settings: MediaSettings, onMalformed: () => void): Promise<MediaPort> {
    for (let tries = 1; ; tries += 1) {
      const sockets = await bindSockets(settings);
      const bound = await Promise.all(
        sockets.map(({ address, port, isOwnOnly }) => TcpListener.bind(address, port, isOwnOnly)),
      );
      const listeners = bound.filter((listener) => listener !== null);
      const mediaPort = new MediaPort(sockets, listeners, onMalformed);
      const mayBeAnother = sockets.some(({ port }) => port !== settings.port);
      if (listeners.length === sockets.length || !mayBeAnother || tries === ANY_PORT_TRIES) return mediaPort;
      mediaPort.close();
    }
  }

  /** The bound addresses that others than this machine may call. */
  get openAddresses(): readonly string[] {
    return this.sockets.filter(({ isOwnOnly }) => !isOwnOnly).map(({ address }) => address);
  }

  add(peer: MediaPeer): void {
    this.byUfrag.set(peer.ufrag, peer);
  }

  /** Forgets a connection and its addresses. */
  remove(peer: MediaPeer): void {
    this.byUfrag.delete(peer.ufrag);
    this.routes.releaseAll(peer);
  }

  /** Frees the port. */
  close(): void {
    for (const socket of this.sockets) socket.close();
    for (const listener of this.listeners) listener.close();
  }

  /** Dispatches by the first byte (RFC 7983). */
  private readonly receive = (data: Buffer, via: Carrier, from: RemoteAddress): boolean => {
    const first = data[0] ?? 255;
    if (first <= 3) return this.receiveStun(data, via, from);
    const peer = this.routes.find(via, from);
    if (peer) peer.onDatagram(data, via, from);
    else this.onMalformed();
    return peer !== null;
  };

  private receiveStun(data: Buffer, via: Carrier, from: RemoteAddress): boolean {
    const message = readStun(data);
    const peer = message && this.byUfrag.get(localUfragOf(message));
    if (peer) peer.onStun(message, data, via, from);
    else this.onMalformed();
    return Boolean(peer);
  }
}

async function bindSockets(settings: MediaSettings): Promise<UdpSocket[]> {
  const { addresses, port, mayFallBack } = settings;
  if (addresses.length === 0) throw new MediaError('cannotBind', 'No address is configured for media.');
  const sockets = await bindAll(settings, port);
  if (sockets) return sockets;
  const anyPort = mayFallBack ? await bindAll(settings, 0) : null;
  if (anyPort) return anyPort;
  throw new MediaError('noFreePort', `The UDP port ${port} is taken: set HUB_MEDIA_PORT to a free one.`);
}

/** One socket for each address; null if the port is taken at one of them. */
async function bindAll({ addresses, ownOnly }: MediaSettings, port: number): Promise<UdpSocket[] | null> {
  const isOwnOnly = (address: string) => ownOnly?.includes(address);
  const results = await Promise.allSettled(
    addresses.map((address) => UdpSocket.bind(address, port, isOwnOnly(address))),
  );
  const sockets = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failed = results.findIndex(({ status }) => status === 'rejected');
  if (failed < 0) return sockets;
  for (const socket of sockets) socket.close();
  const { reason } = results[failed] as PromiseRejectedResult;
  if (isTaken(reason)) return null;
  const sentence = `UDP cannot be bound at ${addresses[failed]}: check the addresses for media.`;
  throw new MediaError('cannotBind', sentence, { cause: reason });
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}
