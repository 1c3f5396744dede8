import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** A path over UDP between one client and a server on this host, on which each datagram takes `delayMs`. */
export class SlowPath {
  /** Datagrams that have arrived, both ways. */
  carried = 0;
  private client: RemoteInfo | null = null;
  private readonly timers = new Set<NodeJS.Timeout>();

  private constructor(
    private readonly entry: Socket,
    private readonly exit: Socket,
    private readonly delayMs: number,
    serverPort: number,
  ) {
    entry.on('message', (datagram, from) => {
      this.client = from;
      this.carry(() => exit.send(datagram, serverPort, '127.0.0.1'));
    });
    exit.on('message', (datagram) => {
      const { client } = this;
      if (client) this.carry(() => entry.send(datagram, client.port, client.address));
    });
  }

  static async open(serverPort: number, delayMs: number): Promise<SlowPath> {
    const sockets = [createSocket('udp4'), createSocket('udp4')] as const;
    for (const socket of sockets) {
      socket.bind(0, '127.0.0.1');
      await once(socket, 'listening');
    }
    return new SlowPath(...sockets, delayMs, serverPort);
  }

  /** Where the client sends to. */
  get port(): number {
    return this.entry.address().port;
  }

  close(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.entry.close();
    this.exit.close();
  }

  private carry(deliver: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.carried += 1;
      deliver();
    }, this.delayMs);
    this.timers.add(timer);
  }
}
