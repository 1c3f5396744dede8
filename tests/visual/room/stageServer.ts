import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { build } from 'esbuild';

const HTML =
  '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><style>body{margin:0;background:#888}</style><body><script src="/script.js"></script>';

async function bundlePage(): Promise<Buffer> {
  const { outputFiles } = await build({
    entryPoints: [join('tests', 'visual', 'room', 'stagePage.ts')],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    tsconfig: 'tsconfig.json',
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  return Buffer.from(outputFiles[0]!.contents);
}

/** Serves the page of the room's stage and the default avatars. */
export class StageServer {
  private constructor(private readonly server: Server) {}

  static async start(): Promise<StageServer> {
    const script = await bundlePage();
    const server = createServer((request, response) => {
      const model = /^\/models\/([\w-]+\.vrm)$/.exec(request.url ?? '')?.[1];
      if (model) response.end(readFileSync(join('public', 'models', model)));
      else if (request.url === '/script.js') response.setHeader('content-type', 'text/javascript').end(script);
      else response.setHeader('content-type', 'text/html').end(HTML);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new StageServer(server);
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}
