import { createSocket, type Socket, type SocketType } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { Carrier, DatagramListener, RemoteAddress } from './carrier';

type LookupCallback = (error: Error | null, address: string, family: number) => void;

/**
 * Requested from the kernel, so that bursts to everybody's one port survive a stall of the hub. The kernel grants what its
 * own limit allows (`net.core.rmem_max`).
 */
const RECEIVE_BUFFER_BYTES = 4_194_304;
/** A socket with more than this queued takes no more (bytes). */
const SEND_QUEUE_MAX_BYTES = 1_048_576;

/** One bound UDP socket. Neither sending nor receiving throws. */
export class UdpSocket implements Carrier {
  readonly isIPv6: boolean;
  readonly isLastResort = false;
  private isClosed = false;

  private constructor(
    private readonly socket: Socket,
    /** The address it is bound to. */
    readonly address: string,
    readonly port: number,
    /** Whether it takes datagrams from this machine only. */
    readonly isOwnOnly: boolean,
  ) {
    this.isIPv6 = isIPv6(address);
    socket.on('error', () => {});
  }

  /** Binds `address` at `port` (0 for any). Rejects with the system's error, e.g. `EADDRINUSE`. */
  static bind(address: string, port: number, isOwnOnly = false): Promise<UdpSocket> {
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
        resolve(new UdpSocket(socket, address, socket.address().port, isOwnOnly));
      });
    });
  }

  /** Calls `listener` on each datagram. What it throws is passed to `onError`. */
  listen(listener: DatagramListener, onError: (error: unknown) => void): void {
    this.socket.on('message', (data, from) => {
      // What this machine sends to one of its addresses comes from that address.
      if (this.isClosed || (this.isOwnOnly && from.address !== this.address)) return;
      try {
        listener(data, this, from);
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
