import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { silentLog } from '@/lib/core/log';
import { readEnv } from '@/server/env';
import { CaptureFiles } from '@/server/files/siteFiles';
import { createHttpServer } from '@/server/http/httpServer';
import { bundleForPage } from './contractServer';

const PAGE = '<!doctype html><meta charset="utf-8"><script src="/script.js"></script>';

/** A site that serves only the webcam's files, with the headers of the real one. */
export interface CaptureServer {
  readonly origin: string;
  close(): void;
}

function bundle(): Promise<Record<string, string>> {
  return Promise.all([
    bundleForPage('tests/e2e/support/capturePage.ts'),
    bundleForPage('lib/capture/worker/landmarks.worker.ts'),
  ]).then(([script, worker]) => ({ '/script.js': script, '/worker.js': worker }));
}

let bundled: Promise<Record<string, string>> | null = null;

/** Serves the models in `modelsDir` and the page of `capturePage.ts`. */
export async function startCaptureServer(modelsDir: string): Promise<CaptureServer> {
  bundled ??= bundle();
  const scripts = await bundled;
  const server: Server = createHttpServer({
    env: readEnv({}),
    dev: false,
    files: new Set(),
    handlers: [new CaptureFiles(modelsDir, silentLog)],
    handlePage: async ({ url = '' }, response) => {
      const text = scripts[url];
      response.writeHead(200, { 'content-type': text ? 'text/javascript' : 'text/html' }).end(text ?? PAGE);
    },
    log: silentLog,
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
