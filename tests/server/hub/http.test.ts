import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { webSocketOrigin } from '@/server/hub/http/requestAddress';
import { RawClient } from './rawClient';
import { LIBRARY_FILE, startTestHub, type TestHub } from './testHub';

let world: TestHub;

beforeAll(async () => {
  world = await startTestHub();
  await world.hub.ready;
});

afterAll(async () => {
  expect(world.errors).toEqual([]);
  await world.close();
});

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** A request as it is, without a client that decompresses or follows. */
function ask(method: string, path: string, headers: Record<string, string> = {}, body = ''): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { host: '127.0.0.1', port: world.port, method, path, headers, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

const LIBRARY = '/libs/lib-jitsi-meet.min.js';
const hash = (body: Buffer) => createHash('sha256').update(body).digest('hex');

describe('HTTP', () => {
  it('H-50 serves the library byte for byte, compressed as the client likes', async () => {
    const { brotliDecompressSync, gunzipSync } = await import('node:zlib');
    const original = hash(await readFile(LIBRARY_FILE));
    const plain = await ask('GET', LIBRARY);
    expect(plain).toMatchObject({ status: 200, headers: { 'content-type': 'text/javascript; charset=utf-8' } });
    expect(hash(plain.body)).toBe(original);
    const gzipped = await ask('GET', LIBRARY, { 'accept-encoding': 'gzip, br;q=0' });
    expect(gzipped.headers['content-encoding']).toBe('gzip');
    expect(hash(gunzipSync(gzipped.body))).toBe(original);
    const brotli = await ask('GET', LIBRARY, { 'accept-encoding': 'gzip, deflate, br' });
    expect(brotli.headers).toMatchObject({ 'content-encoding': 'br', vary: 'accept-encoding' });
    expect(hash(brotliDecompressSync(brotli.body))).toBe(original);
    expect(brotli.body.length).toBeLessThan(gzipped.body.length);
  });

  it('H-50 answers HEAD without a body, a known ETag with 304, another method with 405', async () => {
    const head = await ask('HEAD', LIBRARY, { 'accept-encoding': 'br' });
    expect(head).toMatchObject({ status: 200, body: Buffer.alloc(0) });
    expect(head.headers['cache-control']).toContain('max-age');
    const etag = head.headers.etag ?? '';
    expect(await ask('GET', LIBRARY, { 'if-none-match': `"x", W/${etag}` })).toMatchObject({
      status: 304,
      body: Buffer.alloc(0),
    });
    expect((await ask('GET', LIBRARY, { 'if-none-match': '"x"' })).status).toBe(200);
    expect((await ask('POST', LIBRARY)).status).toBe(405);
  });

  it('H-50 says so where the library is missing', async () => {
    const broken = await startTestHub({ libJitsiMeetPath: '/nowhere/lib.js' });
    const response = await fetch(`http://127.0.0.1:${broken.port}${LIBRARY}`);
    expect(response.status).toBe(503);
    expect(broken.errors).toHaveLength(1);
    await broken.close();
  });

  it('H-51 answers the keep-alive of the XMPP WebSocket from any origin', async () => {
    const answer = await ask('GET', '/xmpp-websocket?token=x&previd=y', { origin: 'https://elsewhere.example' });
    expect(answer).toMatchObject({ status: 200, headers: { 'access-control-allow-origin': '*' } });
  });

  it('H-51 answers a conference request, and garbage with a status', async () => {
    const path = '/conference-request/v1';
    const good = await ask(
      'POST',
      path,
      { 'content-type': 'application/json' },
      JSON.stringify({ room: 'tavern@conference.parley.local' }),
    );
    expect(JSON.parse(good.body.toString())).toEqual({
      ready: true,
      focusJid: 'focus@auth.parley.local',
      properties: { authentication: 'false' },
    });
    expect(good.headers['access-control-allow-origin']).toBe('*');
    expect((await ask('OPTIONS', path)).status).toBe(204);
    expect((await ask('GET', path)).status).toBe(405);
    expect((await ask('POST', path, {}, 'garbage')).status).toBe(400);
    expect((await ask('POST', path, {}, `"${'x'.repeat(20_000)}"`)).status).toBe(413);
  });

  it('H-51 leaves every other path to the application', async () => {
    for (const path of ['/', '/libs/', '/xmpp-websocket/x', '/colibri-ws/x', '//', '/%zz']) {
      expect((await ask('GET', path)).status).toBe(404);
    }
  });
});

describe('the address of the channel', () => {
  const from = (headers: Record<string, string>) => ({ headers, socket: {} }) as unknown as IncomingMessage;

  it.each([
    ['the Host header', { host: 'meet.example:8443' }, undefined, 'ws://meet.example:8443'],
    ['a secure page', { host: 'meet.example', origin: 'https://meet.example' }, undefined, 'wss://meet.example'],
    [
      'a proxy that says so',
      { host: 'meet.example', 'x-forwarded-proto': 'https, http' },
      undefined,
      'wss://meet.example',
    ],
    ['a proxy before the page', { host: 'h', origin: 'https://h', 'x-forwarded-proto': 'http' }, undefined, 'ws://h'],
    ['an IPv6 host', { host: '[::1]:3000' }, undefined, 'ws://[::1]:3000'],
    ['the public address', { host: 'inner' }, 'https://meet.example/path', 'wss://meet.example'],
    ['no host', {}, undefined, null],
    ['a host that is none', { host: 'a/b?c' }, undefined, null],
  ])('H-22 follows %s', (_name, headers, publicUrl, expected) => {
    expect(webSocketOrigin(from(headers as Record<string, string>), publicUrl)).toBe(expected);
  });

  it('H-22 is the one the client came by', async () => {
    const client = await RawClient.join(world.port, world.tokens.issue('ann'));
    expect(await client.invitation()).toMatch(
      new RegExp(`^ws://127\\.0\\.0\\.1:${world.port}/colibri-ws/hub/[0-9a-f]{16}/${client.endpointId}\\?pwd=`),
    );
  });
});
