import { type AddressInfo, createServer, isIPv6, type Server, type Socket } from 'node:net';
import { systemClock } from '@/lib/core/clock';
import { type BucketRate, TokenBucket } from '@/server/limits/tokenBuckets';
import type { Carrier, RemoteAddress } from './carrier';

/** Handles a datagram. Returns whether it belongs to a connection. */
type FrameListener = (data: Buffer, via: Carrier, from: RemoteAddress) => boolean;

/** Most connections at once, and from one address. A client needs one. */
const CONNECTIONS_MAX = 512;
const CONNECTIONS_MAX_PER_ADDRESS = 32;
/** How long a connection may stay without naming a media connection. */
const FIRST_FRAME_MAX_MS = 5_000;
/** How long it may be silent: clients check every few seconds that the hub is there. */
const SILENCE_MAX_MS = 30_000;
/** Longest datagram: more than any packet of a client, which all fit an Ethernet frame. */
const FRAME_MAX_BYTES = 2_048;
const LENGTH_BYTES = 2;
/** Far more datagrams than a client sends: one that sends more is cut off, since even empty ones have to be read. */
const FRAMES: BucketRate = { burst: 8_000, perSecond: 2_000 };
/** A connection with more than this queued takes no more (bytes). */
const SEND_QUEUE_MAX_BYTES = 262_144;

/** Accepts ICE over TCP (RFC 6544, passive) at one address, for clients whose network lets no UDP through. */
export class TcpListener {
  private readonly open = new Set<TcpCarrier>();

  private constructor(
    private readonly server: Server,
    readonly address: string,
    readonly port: number,
    private readonly isOwnOnly: boolean,
  ) {
    server.maxConnections = CONNECTIONS_MAX;
    server.on('error', () => {});
  }

  /**
   * Listens at `port`; null if that is not possible, since UDP is enough for most.
   * @param isOwnOnly Whether to take connections from this machine only
   */
  static bind(address: string, port: number, isOwnOnly = false): Promise<TcpListener | null> {
    const server = createServer({ noDelay: true });
    return new Promise((resolve) => {
      server.once('error', () => resolve(null));
      server.listen({ host: address, port, exclusive: true, ipv6Only: isIPv6(address) }, () => {
        resolve(new TcpListener(server, address, (server.address() as AddressInfo).port, isOwnOnly));
      });
    });
  }

  /** Takes connections from now on. */
  accept(listener: FrameListener, onClose: (carrier: Carrier) => void, onError: () => void): void {
    this.server.on('connection', (socket) => {
      const { remoteAddress: address, remotePort: port } = socket;
      const isStranger = this.isOwnOnly && address !== this.address;
      if (!address || !port || isStranger || this.countOf(address) >= CONNECTIONS_MAX_PER_ADDRESS) {
        socket.destroy();
        return;
      }
      const carrier = new TcpCarrier(socket, { address, port }, listener, onError);
      this.open.add(carrier);
      socket.once('close', () => {
        this.open.delete(carrier);
        onClose(carrier);
      });
    });
  }

  close(): void {
    this.server.close();
    for (const carrier of this.open) carrier.close();
  }

  private countOf(address: string): number {
    let count = 0;
    for (const { from } of this.open) if (from.address === address) count += 1;
    return count;
  }
}

/** One TCP connection: datagrams, each behind its length (RFC 4571). Neither sending nor receiving throws. */
class TcpCarrier implements Carrier {
  readonly isIPv6: boolean;
  readonly isLastResort = true;
  private pending: Buffer = Buffer.alloc(0);
  private isKnown = false;
  private readonly frames = new TokenBucket(FRAMES.perSecond, FRAMES.burst, systemClock.nowMs());

  constructor(
    private readonly socket: Socket,
    readonly from: RemoteAddress,
    private readonly listener: FrameListener,
    private readonly onError: () => void,
  ) {
    this.isIPv6 = isIPv6(from.address);
    socket.on('error', () => {});
    socket.on('data', (data) => this.read(data));
    socket.on('timeout', () => socket.destroy());
    // Counts from here, not from the last byte: trickling bytes keep nothing open.
    const deadline = setTimeout(() => this.isKnown || socket.destroy(), FIRST_FRAME_MAX_MS);
    socket.once('close', () => clearTimeout(deadline));
    socket.setTimeout(SILENCE_MAX_MS);
  }

  send(data: Buffer): boolean {
    const { socket } = this;
    if (!socket.writable || socket.writableLength > SEND_QUEUE_MAX_BYTES) return false;
    const frame = Buffer.allocUnsafe(LENGTH_BYTES + data.length);
    frame.writeUInt16BE(data.length, 0);
    frame.set(data, LENGTH_BYTES);
    socket.write(frame);
    return true;
  }

  close(): void {
    this.socket.destroy();
  }

  private read(data: Buffer): void {
    this.pending = this.pending.length === 0 ? data : Buffer.concat([this.pending, data]);
    const nowMs = systemClock.nowMs();
    let at = 0;
    while (this.pending.length - at >= LENGTH_BYTES) {
      const sizeBytes = this.pending.readUInt16BE(at);
      const end = at + LENGTH_BYTES + sizeBytes;
      if (sizeBytes > FRAME_MAX_BYTES) {
        this.refuse();
        return;
      }
      if (end > this.pending.length) break;
      if (!this.frames.tryTake(1, nowMs)) {
        this.refuse();
        return;
      }
      if (!this.take(this.pending.subarray(at + LENGTH_BYTES, end))) return;
      at = end;
    }
    this.pending = this.pending.subarray(at);
  }

  /** Handles a datagram. Returns false if that ended the connection. */
  private take(datagram: Buffer): boolean {
    try {
      this.isKnown = this.listener(datagram, this, this.from) || this.isKnown;
    } catch {
      this.onError();
    }
    if (this.isKnown) return !this.socket.destroyed;
    this.refuse();
    return false;
  }

  private refuse(): void {
    this.onError();
    this.socket.destroy();
  }
}
