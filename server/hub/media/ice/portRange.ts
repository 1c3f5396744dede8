import { MediaError } from '../mediaError';
import type { MediaSettings } from '../mediaSettings';
import { UdpSocket } from './udpSocket';

/** Hands out UDP sockets on the configured addresses and ports. */
export class PortRange {
  private next = 0;

  constructor(private readonly settings: MediaSettings) {}

  /** One socket an address. Rejects with a {@link MediaError}, keeping none. */
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
    throw new MediaError('cannotBind', `UDP can't be bound at ${address}: check the addresses for media.`, { cause });
  }
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}
