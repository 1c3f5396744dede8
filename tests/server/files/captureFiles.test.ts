import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CaptureFiles as Told } from '@/lib/capture/captureFiles';
import { silentLog } from '@/lib/core/log';
import { CaptureFiles } from '@/server/files/siteFiles';

describe('capture files', () => {
  let folder: string;
  let server: Server;
  let url: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'parley-models-'));
    const files = new CaptureFiles(folder, silentLog);
    server = createServer((request, response) => {
      if (!files.handleRequest(request, response)) response.writeHead(421).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterEach(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });

  const told = async () => (await (await fetch(`${url}/capture/files.json`)).json()) as Told;

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
    const answer = await fetch(url + before);
    expect(await answer.text()).toBe('a face');
    expect(answer.headers.get('cache-control')).toContain('immutable');
    await new Promise((resolve) => setTimeout(resolve, 5));
    writeFileSync(join(folder, 'face_landmarker.task'), 'another face');
    expect((await told()).models.face).not.toBe(before);
  });

  it('only the installed version of the program is served', async () => {
    const { wasmUrl } = await told();
    const loader = await fetch(`${url}${wasmUrl}/vision_wasm_internal.js`);
    expect(loader.headers.get('content-type')).toContain('text/javascript');
    expect(await loader.text()).toContain('ModuleFactory');
    const wasm = await fetch(`${url}${wasmUrl}/vision_wasm_internal.wasm`, { method: 'HEAD' });
    expect([wasm.status, wasm.headers.get('content-type')]).toEqual([200, 'application/wasm']);
    expect((await fetch(`${url}/capture/wasm/0.0.1/vision_wasm_internal.js`)).status).toBe(404);
  });

  it('files that are not listed are not served', async () => {
    writeFileSync(join(folder, 'other.task'), 'secret');
    expect((await fetch(`${url}/capture/models/other.task`)).status).toBe(404);
    expect((await fetch(`${url}/capture/models/face_landmarker.task`)).status).toBe(404);
    expect((await fetch(`${url}/capture/models/..%2fother.task`)).status).toBe(421);
    expect((await fetch(`${url}/capture/files.json`, { method: 'POST' })).status).toBe(421);
  });
});
