import type { RemoteAddress, UdpSocket } from './udpSocket';

/** One way to the client: a socket of ours and an address of theirs. */
export class CandidatePair implements RemoteAddress {
  /** Our last check that waits for its answer. */
  checkId: Buffer | null = null;
  /** The client has shown, with the right password, that it sends from there. */
  isAuthentic = false;
  /** The client has answered a check of ours there: it wants what we send. */
  hasConsent = false;
  checkedAtMs = Number.NEGATIVE_INFINITY;
  heardAtMs: number;

  constructor(
    readonly socket: UdpSocket,
    readonly address: string,
    readonly port: number,
    nowMs: number,
  ) {
    this.heardAtMs = nowMs;
  }

  is(socket: UdpSocket, from: RemoteAddress): boolean {
    return this.port === from.port && this.socket === socket && this.address === from.address;
  }

  send(data: Buffer): boolean {
    return this.socket.send(data, this);
  }
}
