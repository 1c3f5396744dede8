import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** Requests that may wait on one connection for those before them. No browser sends any ahead. */
const WAITING_MAX = 16;

interface Waiting {
  readonly response: ServerResponse;
  readonly begin: () => void;
}

/**
 * Answers the requests of each connection one after another. Node hands over all that a client sends ahead at once, and never
 * tells the later answers that their connection has closed: each would keep what it has opened for good.
 */
export class Turns {
  /** Those that wait, by the connection that is being answered. */
  private readonly busy = new WeakMap<Duplex, Waiting[]>();

  /** Calls `begin` when the answers before have been sent; never, if the connection ends before that or has sent too much. */
  take({ socket }: IncomingMessage, response: ServerResponse, begin: () => void): void {
    const waiting = this.busy.get(socket);
    if (!waiting) this.start(socket, { response, begin });
    else if (waiting.length < WAITING_MAX) waiting.push({ response, begin });
    else socket.destroy();
  }

  /** Whether a request of a connection is being answered. */
  isBusy(socket: Duplex): boolean {
    return this.busy.has(socket);
  }

  private start(socket: Duplex, { response, begin }: Waiting): void {
    // After the last answer of a connection that is to close, or of one that is closed, the next one has none.
    if (response.socket === null) return;
    const waiting = this.busy.get(socket) ?? [];
    this.busy.set(socket, waiting);
    response.once('close', () => {
      const next = waiting.shift();
      if (next) this.start(socket, next);
      else this.busy.delete(socket);
    });
    begin();
  }
}
