import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { callerKey } from '@/server/limits/tokenBuckets';

/** How many connections a server holds. */
export interface ConnectionLimits {
  readonly max: number;
  /** Most of one address. */
  readonly maxPerAddress: number;
}

/** Connections beyond the limit that may stand open for the moment it takes to choose which one goes. */
const SLACK = 16;

interface Connection {
  readonly socket: Socket;
  readonly address: string;
  /** Requests being answered. */
  pending: number;
}

/**
 * Keeps a server within its connections: a new one takes the place of the one that has waited longest without a request,
 * so that idle connections keep no one out. Where all are being answered, the new one is refused.
 */
export class Connections {
  /** Those that have asked for nothing yet, longest first. */
  private readonly silent = new Set<Connection>();
  /** Those that wait between two requests, longest first. */
  private readonly waiting = new Set<Connection>();
  private readonly open = new Map<Socket, Connection>();
  private readonly counts = new Map<string, number>();

  constructor(private readonly limits: ConnectionLimits) {}

  get size(): number {
    return this.open.size;
  }

  /** Counts the connections of `server` from now on. */
  watch(server: Server): void {
    server.maxConnections = this.limits.max + SLACK;
    server.on('connection', (socket: Socket) => this.opened(socket));
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      const connection = this.open.get(request.socket);
      if (!connection) return;
      this.asked(connection);
      response.once('close', () => this.answered(connection));
    });
    // An upgraded socket belongs to the handler that took it.
    server.prependListener('upgrade', (request: IncomingMessage) => this.forget(request.socket));
  }

  private opened(socket: Socket): void {
    const connection: Connection = { socket, address: callerKey(socket.remoteAddress ?? ''), pending: 0 };
    this.open.set(socket, connection);
    this.silent.add(connection);
    this.counts.set(connection.address, (this.counts.get(connection.address) ?? 0) + 1);
    socket.once('close', () => this.forget(socket));
    if ((this.counts.get(connection.address) ?? 0) > this.limits.maxPerAddress) this.makeRoom(connection, true);
    else if (this.open.size > this.limits.max) this.makeRoom(connection, false);
  }

  private makeRoom(newest: Connection, ofSameAddress: boolean): void {
    const mayGo = (each: Connection) => each !== newest && (!ofSameAddress || each.address === newest.address);
    const leaving = first(this.silent, mayGo) ?? first(this.waiting, mayGo) ?? newest;
    this.forget(leaving.socket);
    leaving.socket.destroy();
  }

  private asked(connection: Connection): void {
    connection.pending += 1;
    this.silent.delete(connection);
    this.waiting.delete(connection);
  }

  private answered(connection: Connection): void {
    connection.pending -= 1;
    if (connection.pending === 0 && this.open.has(connection.socket)) this.waiting.add(connection);
  }

  private forget(socket: Socket): void {
    const connection = this.open.get(socket);
    if (!connection) return;
    this.open.delete(socket);
    this.silent.delete(connection);
    this.waiting.delete(connection);
    const left = (this.counts.get(connection.address) ?? 1) - 1;
    if (left > 0) this.counts.set(connection.address, left);
    else this.counts.delete(connection.address);
  }
}

function first(connections: Iterable<Connection>, isMeant: (each: Connection) => boolean): Connection | undefined {
  for (const each of connections) if (isMeant(each)) return each;
  return undefined;
}

/** Most connections where the system would allow more. */
const CONNECTIONS_MAX = 4_096;
/** Descriptors kept for the database, files and sockets on their way to the hub. */
const RESERVED = 64;
const CONNECTIONS_LEAST = 16;
/** A connection's own, and that of a file that its client may read as slowly as it likes. */
const DESCRIPTORS_EACH = 2;

/**
 * Limits that leave descriptors for everything else.
 * @param descriptors How many more the process may open
 * @param isBehindProxy Whether all connections come from a proxy, so that addresses say nothing
 */
export function connectionLimits(descriptors: number, isBehindProxy: boolean): ConnectionLimits {
  const max = Math.max(
    CONNECTIONS_LEAST,
    Math.min(CONNECTIONS_MAX, Math.floor((descriptors - RESERVED) / DESCRIPTORS_EACH)),
  );
  return { max, maxPerAddress: isBehindProxy ? max : Math.ceil(max / 2) };
}
