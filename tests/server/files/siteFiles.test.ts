import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CaptureFiles as Told } from '@/lib/capture/captureFiles';
import { silentLog } from '@/lib/core/log';
import { CaptureFiles, DefaultAvatarFiles } from '@/server/files/siteFiles';
import type { RequestHandler } from '@/server/http/httpServer';
import { rawRequest } from '@/tests/support/rawRequest';

const MODEL = Buffer.alloc(4096, 'parley');

let folder: string;
let server: Server;
let site: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-files-'));
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

/** Serves `files`; what they pass on is answered 421. */
async function serve(files: RequestHandler): Promise<void> {
  server = createServer((request, response) => {
    if (!files.handleRequest(request, response)) response.writeHead(421).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  site = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('default avatar files', () => {
  beforeEach(async () => {
    writeFileSync(join(folder, 'ada.vrm'), MODEL);
    await serve(new DefaultAvatarFiles(folder, join(folder, 'kept'), silentLog));
  });

  const raw = (path: string, encoding: string) =>
    rawRequest(`${site}/models${path}`, { headers: { 'accept-encoding': encoding } });

  it('a model is sent as brotli, gzip or plain, as the client accepts', async () => {
    expect(brotliDecompressSync((await raw('/ada.vrm', 'gzip, br')).body)).toEqual(MODEL);
    expect(gunzipSync((await raw('/ada.vrm', 'gzip')).body)).toEqual(MODEL);
    expect((await raw('/ada.vrm', 'identity')).body).toEqual(MODEL);
    expect((await raw('/ada.vrm', 'br')).body.length).toBeLessThan(MODEL.length / 10);
  });

  it('what the build has compressed is sent as it is, and compressed again once the model has changed', async () => {
    const kept = join(folder, 'kept');
    await new DefaultAvatarFiles(folder, kept, silentLog).keep();
    expect(readdirSync(kept)).toHaveLength(2);
    // Other bytes, to tell them from what is compressed when asked for.
    for (const name of readdirSync(kept)) {
      const spell = name.endsWith('.br') ? brotliCompressSync : gzipSync;
      writeFileSync(join(kept, name), spell(Buffer.from('kept')));
    }
    expect(brotliDecompressSync((await raw('/ada.vrm', 'br')).body).toString()).toBe('kept');
    expect(gunzipSync((await raw('/ada.vrm', 'gzip')).body).toString()).toBe('kept');
    writeFileSync(join(folder, 'ada.vrm'), 'changed');
    utimesSync(join(folder, 'ada.vrm'), new Date(), new Date(Date.now() + 5000));
    expect(brotliDecompressSync((await raw('/ada.vrm', 'br')).body).toString()).toBe('changed');
  });

  it('a client that has the model gets a 304', async () => {
    const etag = (await fetch(`${site}/models/ada.vrm`)).headers.get('etag')!;
    expect((await fetch(`${site}/models/ada.vrm`, { headers: { 'if-none-match': etag } })).status).toBe(304);
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
    expect((await fetch(`${site}/models/ada.vrm`, { method: 'DELETE' })).status).toBe(421);
  });
});

describe('capture files', () => {
  beforeEach(() => serve(new CaptureFiles(folder, silentLog)));

  const told = async () => (await (await fetch(`${site}/capture/files.json`)).json()) as Told;

  it('files.json lists the models that exist', async () => {
    expect((await told()).models).toEqual({ face: null, body: null, hands: null });
    writeFileSync(join(folder, 'face_landmarker.task'), 'a face');
    const { models } = await told();
    expect(models).toMatchObject({ body: null, hands: null });
    expect(models.face).toMatch(/^\/capture\/models\/face_landmarker\.task\?v=[\w-]{22}$/);
  });

  it('a model is immutable at an address that changes with its content', async () => {
    writeFileSync(join(folder, 'face_landmarker.task'), 'a face');
    const before = (await told()).models.face!;
    const answer = await fetch(site + before);
    expect(await answer.text()).toBe('a face');
    expect(answer.headers.get('cache-control')).toContain('immutable');
    await new Promise((resolve) => setTimeout(resolve, 5));
    writeFileSync(join(folder, 'face_landmarker.task'), 'another face');
    expect((await told()).models.face).not.toBe(before);
  });

  it('only the installed version of the program is served', async () => {
    const { wasmUrl } = await told();
    const loader = await fetch(`${site}${wasmUrl}/vision_wasm_internal.js`);
    expect(loader.headers.get('content-type')).toContain('text/javascript');
    expect(await loader.text()).toContain('ModuleFactory');
    const wasm = await fetch(`${site}${wasmUrl}/vision_wasm_internal.wasm`, { method: 'HEAD' });
    expect([wasm.status, wasm.headers.get('content-type')]).toEqual([200, 'application/wasm']);
    expect((await fetch(`${site}/capture/wasm/0.0.1/vision_wasm_internal.js`)).status).toBe(404);
  });

  it('files that are not listed are not served', async () => {
    writeFileSync(join(folder, 'other.task'), 'secret');
    expect((await fetch(`${site}/capture/models/other.task`)).status).toBe(404);
    expect((await fetch(`${site}/capture/models/face_landmarker.task`)).status).toBe(404);
    expect((await fetch(`${site}/capture/models/..%2fother.task`)).status).toBe(421);
    expect((await fetch(`${site}/capture/files.json`, { method: 'POST' })).status).toBe(421);
  });
});
