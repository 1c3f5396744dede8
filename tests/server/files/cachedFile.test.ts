import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog } from '@/lib/core/log';
import { answerFile, CachedFile } from '@/server/files/cachedFile';
import { rawRequest } from '@/tests/support/rawRequest';

const TEXT = Buffer.alloc(4096, 'parley');
const OPTIONS = { contentType: 'text/plain', cacheControl: 'no-cache', brotliQuality: 5, headers: { 'x-own': '1' } };

let folder: string;
let server: Server;
let url: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'parley-files-'));
  writeFileSync(join(folder, 'text'), TEXT);
  writeFileSync(join(folder, 'numbers'), TEXT);
  const files: Readonly<Record<string, CachedFile>> = {
    '/text': new CachedFile(join(folder, 'text'), OPTIONS),
    '/numbers': new CachedFile(join(folder, 'numbers'), { ...OPTIONS, brotliQuality: null }),
    '/missing': new CachedFile(join(folder, 'missing'), OPTIONS),
    '/folder': new CachedFile(folder, OPTIONS),
  };
  server = createServer((request, response) => {
    answerFile(response, silentLog, () => files[request.url ?? '']!.send(request, response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

const get = (headers: Record<string, string>, path = '/text', method = 'GET') =>
  rawRequest(url + path, { method, headers });

describe('the encoding of a cached file', () => {
  it.each([
    ['br', 'br'],
    ['gzip, deflate, br', 'br'],
    ['GZIP', 'gzip'],
    ['*', 'br'],
    ['gzip;q=0.5, br;q=0.1', 'br'],
    ['br;q=0', undefined],
    ['br;q=0, *', 'gzip'],
    ['gzip, br;q=0.000', 'gzip'],
    ['*;q=0', undefined],
    ['identity', undefined],
    ['identity;q=0', undefined],
    ['identity;q=0, gzip', 'gzip'],
    ['brotli, xgzip', undefined],
    ['', undefined],
  ])('for Accept-Encoding "%s" the encoding is %s', async (accepted, expected) => {
    const { status, headers, body } = await get({ 'accept-encoding': accepted });
    expect([status, headers['content-encoding'], headers['vary']]).toEqual([200, expected, 'accept-encoding']);
    const unpack = { br: brotliDecompressSync, gzip: gunzipSync }[expected ?? ''] ?? ((bytes: Buffer) => bytes);
    expect(unpack(body)).toEqual(TEXT);
    expect(headers['content-length']).toBe(String(body.length));
  });

  it('a file that is not worth compressing has no encoding', async () => {
    const { headers, body } = await get({ 'accept-encoding': 'br' }, '/numbers');
    expect(headers['content-encoding']).toBeUndefined();
    expect(body).toEqual(TEXT);
  });
});

describe('the tag of a cached file', () => {
  const tagFor = async (accepted: string) => (await get({ 'accept-encoding': accepted })).headers.etag ?? '';

  it('each encoding of a file has its own tag', async () => {
    const tags = await Promise.all(['br', 'gzip', 'identity'].map(tagFor));
    expect(new Set(tags).size).toBe(3);
  });

  it.each([
    ['the tag itself', (tag: string) => tag, 304],
    ['a list', (tag: string) => `"other", ${tag}`, 304],
    ['a list with a comma in a tag', (tag: string) => `"a, b",${tag}`, 304],
    ['a weak tag', (tag: string) => `W/${tag}`, 304],
    ['a list of weak tags', (tag: string) => `W/"x", W/${tag}`, 304],
    ['any tag', () => '*', 304],
    ['another tag', () => '"other"', 200],
    ['a tag without quotes', (tag: string) => tag.slice(1, -1), 200],
    ['a tag that only begins the same', (tag: string) => `${tag.slice(0, -1)}x"`, 200],
    ['nothing', () => '', 200],
  ])('If-None-Match with %s', async (_name, known, expected) => {
    const etag = await tagFor('br');
    const { status, headers, body } = await get({ 'accept-encoding': 'br', 'if-none-match': known(etag) });
    expect([status, headers.etag, headers['cache-control'], headers['x-own']]).toEqual([
      expected,
      etag,
      'no-cache',
      '1',
    ]);
    expect(body.length > 0).toBe(expected === 200);
  });

  it('the tag of another encoding gets a 304 too, since the content is the same', async () => {
    const gzip = await tagFor('gzip');
    expect((await get({ 'accept-encoding': 'br', 'if-none-match': gzip })).status).toBe(304);
  });
});

describe('a cached file', () => {
  it('HEAD is answered like GET, without the body', async () => {
    const encoded = { 'accept-encoding': 'br' };
    const [head, whole] = [await get(encoded, '/text', 'HEAD'), await get(encoded)];
    expect(head.body).toHaveLength(0);
    expect({ ...head.headers, date: '' }).toEqual({ ...whole.headers, date: '' });
  });

  it('a missing file is 404, and an unreadable one 500', async () => {
    expect((await get({}, '/missing')).status).toBe(404);
    expect((await get({}, '/folder')).status).toBe(500);
  });
});
