import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a site answers, as the caller sees it. */
interface Answer {
  status: number;
  body: Buffer;
  readonly type: string;
}

/** Changes an answer to a call, such as `meeting.create`, or to a file; by default it passes. */
export type Spoil = (path: string, answer: Answer) => void;

/** Stands before a site's API and files, and breaks what it is told to. Event streams pass as they are. */
export class BrokenSite {
  spoil: Spoil = () => {};
  private readonly server: Server;

  private constructor(private readonly siteUrl: string) {
    this.server = createServer(async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      const { method = 'GET', url = '/', headers } = request;
      const { host: _, connection: __, ...passed } = headers as Record<string, string>;
      const body = parts.length > 0 ? Buffer.concat(parts) : undefined;
      const end = new AbortController();
      response.once('close', () => end.abort());
      try {
        const answer = await fetch(`${this.siteUrl}${url}`, { method, headers: passed, body, signal: end.signal });
        const type = answer.headers.get('content-type') ?? '';
        if (type.startsWith('text/event-stream')) {
          response.writeHead(answer.status, { 'content-type': type });
          for await (const chunk of answer.body!) response.write(chunk);
          return void response.end();
        }
        const spoilt: Answer = { status: answer.status, body: Buffer.from(await answer.arrayBuffer()), type };
        this.spoil(url.replace(/^\/api\/trpc\//, '').split('?')[0]!, spoilt);
        const kept = ['content-range', 'accept-ranges', 'retry-after'].flatMap((name) => {
          const value = answer.headers.get(name);
          return value === null ? [] : [[name, value] as const];
        });
        response.writeHead(spoilt.status, { 'content-type': type, ...Object.fromEntries(kept) }).end(spoilt.body);
      } catch {
        response.destroy();
      }
    });
  }

  static async before(siteUrl: string): Promise<BrokenSite> {
    const site = new BrokenSite(siteUrl);
    await new Promise<void>((resolve) => site.server.listen(0, '127.0.0.1', resolve));
    return site;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
