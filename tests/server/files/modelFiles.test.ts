import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '@/lib/core/log';
import { DefaultAvatarFiles } from '@/server/files/siteFiles';

const MODEL = Buffer.alloc(4096, 'parley');

describe('default avatar files', () => {
  let folder: string;
  let server: Server;
  let url: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'parley-models-'));
    writeFileSync(join(folder, 'ada.vrm'), MODEL);
    const models = new DefaultAvatarFiles(folder, silentLog);
    await models.prepare();
    server = createServer((request, response) => {
      if (!models.handleRequest(request, response)) response.writeHead(421).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/models`;
  });

  afterEach(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });

  /** The body as it came over the wire; `fetch` would decompress it. */
  async function raw(path: string, encoding: string): Promise<{ status: number; body: Buffer; headers: Headers }> {
    const { request } = await import('node:http');
    return new Promise((resolve, reject) => {
      request(`${url}${path}`, { headers: { 'accept-encoding': encoding } }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const headers = new Headers(response.headers as Record<string, string>);
          resolve({ status: response.statusCode!, body: Buffer.concat(chunks), headers });
        });
      })
        .on('error', reject)
        .end();
    });
  }

  it('a model is sent as brotli, gzip or plain, as the client accepts', async () => {
    expect(brotliDecompressSync((await raw('/ada.vrm', 'gzip, br')).body)).toEqual(MODEL);
    expect(gunzipSync((await raw('/ada.vrm', 'gzip')).body)).toEqual(MODEL);
    expect((await raw('/ada.vrm', 'identity')).body).toEqual(MODEL);
    expect((await raw('/ada.vrm', 'br')).body.length).toBeLessThan(MODEL.length / 10);
  });

  it('a client that has the model gets a 304', async () => {
    const etag = (await fetch(`${url}/ada.vrm`)).headers.get('etag')!;
    expect((await fetch(`${url}/ada.vrm`, { headers: { 'if-none-match': etag } })).status).toBe(304);
  });

  it('a model that changes on the disk is read again', async () => {
    const changed = Buffer.from('changed');
    writeFileSync(join(folder, 'ada.vrm'), changed);
    utimesSync(join(folder, 'ada.vrm'), new Date(), new Date(Date.now() + 5000));
    expect((await raw('/ada.vrm', 'identity')).body).toEqual(changed);
  });

  it('a missing model is answered 404, and other paths are passed on', async () => {
    expect((await raw('/nobody.vrm', 'br')).status).toBe(404);
    expect((await raw('/../package.json', 'br')).status).toBe(421);
    expect((await raw('/ada.png', 'br')).status).toBe(421);
    expect((await fetch(`${url}/ada.vrm`, { method: 'DELETE' })).status).toBe(421);
  });
});
