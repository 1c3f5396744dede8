import type { WebSocket } from 'ws';
import type { Clock } from '@/lib/core/clock';

/** Signs of life of a watched socket. Stays readable after the socket has closed. */
export interface Pulse {
  /** Time of the last frame or pong. */
  readonly heardAtMs: number;
  /** Whether it was terminated for not answering. */
  readonly isDead: boolean;
}

interface Watched extends Pulse {
  heardAtMs: number;
  isDead: boolean;
  heardSincePing: boolean;
  unanswered: number;
}

/** How many unanswered pings in a row make a socket dead. Counted rather than timed, so that a stall here kills no socket. */
const UNANSWERED_MAX = 2;

/** Pings WebSockets and terminates those that no longer answer. */
export class Keepalive {
  private readonly watched = new Map<WebSocket, Watched>();
  private pingedAtMs: number;

  constructor(
    private readonly clock: Clock,
    private readonly pingIntervalMs: number,
  ) {
    this.pingedAtMs = clock.nowMs();
  }

  /** Watches `socket` until it closes. */
  watch(socket: WebSocket): Pulse {
    const entry: Watched = { heardAtMs: this.clock.nowMs(), isDead: false, heardSincePing: true, unanswered: 0 };
    const heard = () => {
      entry.heardAtMs = this.clock.nowMs();
      entry.heardSincePing = true;
      entry.unanswered = 0;
    };
    this.watched.set(socket, entry);
    socket.on('pong', heard);
    socket.on('ping', heard);
    socket.on('message', heard);
    socket.once('close', () => this.watched.delete(socket));
    return entry;
  }

  /** Sends the next round of pings if it is due. */
  sweep(): void {
    const nowMs = this.clock.nowMs();
    if (nowMs - this.pingedAtMs < this.pingIntervalMs) return;
    this.pingedAtMs = nowMs;
    for (const [socket, entry] of this.watched) this.check(socket, entry);
  }

  private check(socket: WebSocket, entry: Watched): void {
    if (!entry.heardSincePing) entry.unanswered += 1;
    if (entry.unanswered >= UNANSWERED_MAX) {
      entry.isDead = true;
      socket.terminate();
      return;
    }
    entry.heardSincePing = false;
    if (socket.readyState === socket.OPEN) socket.ping();
  }
}
