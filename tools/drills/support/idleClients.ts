import { connect, type Socket } from 'node:net';

/** Pause before a connection that was closed is opened again. */
const AGAIN_MS = 1_000;

/** Connections that ask for nothing and are opened again whenever they are closed. */
export class IdleClients {
  private readonly open = new Set<Socket>();
  private isOver = false;
  private closings = 0;

  constructor(
    private readonly url: string,
    count: number,
  ) {
    for (let index = 0; index < count; index += 1) this.connect();
  }

  /** How often the server has closed one. */
  get closed(): number {
    return this.closings;
  }

  async close(): Promise<void> {
    this.isOver = true;
    for (const socket of this.open) socket.destroy();
  }

  private connect(): void {
    if (this.isOver) return;
    const { hostname, port } = new URL(this.url);
    const socket = connect(Number(port), hostname);
    this.open.add(socket);
    socket.on('error', () => {});
    socket.resume();
    socket.once('close', () => {
      this.open.delete(socket);
      this.closings += 1;
      setTimeout(() => this.connect(), AGAIN_MS);
    });
  }
}
