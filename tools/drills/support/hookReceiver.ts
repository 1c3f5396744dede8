import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, isIPv6 } from 'node:net';

/** A request to deliver, as it came. */
export interface Received {
  readonly id: string;
  readonly timestampS: number;
  readonly signature: string;
  readonly body: string;
}

/** What a receiver answers. */
export interface HookAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

/** A receiver of webhooks, on loopback unless told otherwise. */
export class HookReceiver {
  readonly received: Received[] = [];
  answer: HookAnswer = { status: 204 };
  private readonly server: Server;
  private port = 0;

  private constructor(private readonly address: string) {
    this.server = createServer(async (request, response) => {
      const header = (name: string) => String(request.headers[name] ?? '');
      const body = await bodyOf(request);
      const [id, signature] = [header('webhook-id'), header('webhook-signature')];
      this.received.push({ id, signature, body, timestampS: Number(header('webhook-timestamp')) });
      response.writeHead(this.answer.status, this.answer.headers).end();
    });
  }

  static async start(address = '127.0.0.1'): Promise<HookReceiver> {
    const receiver = new HookReceiver(address);
    await receiver.open();
    return receiver;
  }

  get url(): string {
    return `http://${isIPv6(this.address) ? `[${this.address}]` : this.address}:${this.port}/hook`;
  }

  /** Listens, after a `close` at the same port as before. */
  async open(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(this.port, this.address, resolve);
    });
    this.port = (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
