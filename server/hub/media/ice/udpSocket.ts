import { createSocket, type Socket, type SocketType } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { MediaError, type MediaSettings } from '../mediaContract';

/** The remote end of a datagram. */
export interface RemoteAddress {
  readonly address: string;
  readonly port: number;
}

type DatagramListener = (data: Buffer, from: RemoteAddress) => void;

type LookupCallback = (error: Error | null, address: string, family: number) => void;

/** Requested from the kernel, so that bursts survive a stall of the hub. The kernel grants what its own limit allows. */
const RECEIVE_BUFFER_BYTES = 1_048_576;
/** A socket with more than this queued takes no more (bytes). */
const SEND_QUEUE_MAX_BYTES = 262_144;

/** One bound UDP socket. Neither sending nor receiving throws. */
export class UdpSocket {
  private isClosed = false;

  private constructor(
    private readonly socket: Socket,
    /** The address it is bound to. */
    readonly address: string,
    readonly port: number,
  ) {
    socket.on('error', () => {});
  }

  /** Binds `address` at `port` (0 for any). Rejects with the system's error, e.g. `EADDRINUSE`. */
  static bind(address: string, port: number): Promise<UdpSocket> {
    const socket = createSocket({
      type: socketType(address),
      lookup: givenAddress,
      recvBufferSize: RECEIVE_BUFFER_BYTES,
      ipv6Only: isIPv6(address),
    });
    return new Promise((resolve, reject) => {
      socket.once('error', (error) => {
        socket.close();
        reject(error);
      });
      socket.bind({ address, port, exclusive: true }, () => {
        socket.removeAllListeners('error');
        resolve(new UdpSocket(socket, address, socket.address().port));
      });
    });
  }

  get isIPv6(): boolean {
    return isIPv6(this.address);
  }

  /** Calls `listener` on each datagram. What it throws is passed to `onError`. */
  listen(listener: DatagramListener, onError: (error: unknown) => void): void {
    this.socket.on('message', (data, from) => {
      if (this.isClosed) return;
      try {
        listener(data, from);
      } catch (error) {
        onError(error);
      }
    });
  }

  /** Sends `data`; false if the socket is full or closed. What the network refuses is lost silently, as usual for UDP. */
  send(data: Buffer, to: RemoteAddress): boolean {
    if (this.isClosed || this.socket.getSendQueueSize() > SEND_QUEUE_MAX_BYTES) return false;
    try {
      this.socket.send(data, to.port, to.address);
      return true;
    } catch {
      return false;
    }
  }

  /** Frees the port. */
  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.socket.close();
  }
}

function socketType(address: string): SocketType {
  return isIPv6(address) ? 'udp6' : 'udp4';
}

/** Remote addresses are numeric: resolving them synchronously saves a tick per packet. */
function givenAddress(address: string, options: unknown, callback?: LookupCallback): void {
  const done = (callback ?? options) as LookupCallback;
  done(null, address, isIPv6(address) ? 6 : 4);
}

/** Binds UDP sockets on the configured addresses and ports. */
export class PortRange {
  private next = 0;

  constructor(private readonly settings: MediaSettings) {}

  /** Binds one socket per address. Rejects with a {@link MediaError}, and then keeps none. */
  async bindAll(): Promise<UdpSocket[]> {
    const results = await Promise.allSettled(this.settings.addresses.map((address) => this.bind(address)));
    const sockets = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const failure = results.find((result) => result.status === 'rejected');
    if (!failure && sockets.length > 0) return sockets;
    for (const socket of sockets) socket.close();
    throw failure?.reason ?? new MediaError('cannotBind', 'No address is configured for media.');
  }

  private async bind(address: string): Promise<UdpSocket> {
    const { ports } = this.settings;
    if (!ports) return bindOne(address, 0);
    const [first, last] = ports;
    const count = last - first + 1;
    const start = this.next;
    for (let offset = 0; offset < count; offset += 1) {
      const index = (start + offset) % count;
      this.next = (index + 1) % count;
      const socket = await bindIfFree(address, first + index);
      if (socket) return socket;
    }
    throw new MediaError('noFreePort', `No UDP port from ${first} to ${last} is free: widen the range for media.`);
  }
}

async function bindIfFree(address: string, port: number): Promise<UdpSocket | null> {
  try {
    return await bindOne(address, port);
  } catch (error) {
    if (error instanceof MediaError && isTaken(error.cause)) return null;
    throw error;
  }
}

async function bindOne(address: string, port: number): Promise<UdpSocket> {
  try {
    return await UdpSocket.bind(address, port);
  } catch (cause) {
    throw new MediaError('cannotBind', `UDP cannot be bound at ${address}: check the addresses for media.`, { cause });
  }
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}
