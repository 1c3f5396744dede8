import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rawRequest } from '@/tests/support/rawRequest';
import { AUTH, FRAMING_OPEN, RawClient, RawSocket } from './rawClient';
import { LIBRARY_FILE, startTestHub, type TestHub } from './testHub';

let world: TestHub;

beforeAll(async () => {
  world = await startTestHub({ libJitsiMeetPath: LIBRARY_FILE });
  await world.hub.ready;
});

afterAll(async () => {
  expect(world.errors).toEqual([]);
  await world.close();
});

const ask = (method: string, path: string, headers: Record<string, string> = {}, body = '') =>
  rawRequest(`http://127.0.0.1:${world.port}${path}`, { method, headers, body });

const LIBRARY = '/libs/lib-jitsi-meet.min.js';
const hash = (body: Buffer) => createHash('sha256').update(body).digest('hex');

describe('HTTP', () => {
  it('H-50 the library is served byte for byte, compressed as the client prefers', async () => {
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

  it('H-50 the library answers HEAD without a body, a known ETag with 304, other methods with 405', async () => {
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

  it('H-50 a missing library is answered with 503', async () => {
    const broken = await startTestHub({ libJitsiMeetPath: '/nowhere/lib.js' });
    const response = await fetch(`http://127.0.0.1:${broken.port}${LIBRARY}`);
    expect(response.status).toBe(503);
    expect(broken.errors).toHaveLength(1);
    await broken.close();
  });

  it('H-51 the keep-alive of the XMPP WebSocket is answered to any origin', async () => {
    const answer = await ask('GET', '/xmpp-websocket?token=x&previd=y', { origin: 'https://elsewhere.example' });
    expect(answer).toMatchObject({ status: 200, headers: { 'access-control-allow-origin': '*' } });
  });

  it('H-51 a conference request is answered, and garbage refused with a status', async () => {
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

  it('H-51 every other path is left to the application', async () => {
    for (const path of ['/', '/libs/', '/xmpp-websocket/x', '/colibri-ws/x', '//', '/%zz']) {
      expect((await ask('GET', path)).status).toBe(404);
    }
  });
});

describe('the address of the channel', () => {
  it('H-22 the channel has the address by which the client reached the hub', async () => {
    const client = await RawClient.join(world.port, world.tokens.issue('ann'));
    expect(await client.invitation()).toMatch(
      new RegExp(`^ws://127\\.0\\.0\\.1:${world.port}/colibri-ws/hub/[0-9a-f]{16}/${client.endpointId}\\?pwd=`),
    );
  });
});

describe('the limits of an address', () => {
  const open = (port: number, forwardedFor: string) =>
    RawSocket.open(`ws://127.0.0.1:${port}/xmpp-websocket`, ['xmpp'], { headers: { 'x-forwarded-for': forwardedFor } });
  const limits = { unauthenticatedMaxPerAddress: 1 };

  it('H-16 the limits per address count the address that a trusted proxy forwards', async () => {
    const proxied = await startTestHub({ limits, proxyHops: 1 });
    await open(proxied.port, '203.0.113.7');
    await expect(open(proxied.port, 'spoofed, 203.0.113.7')).rejects.toThrow('429');
    await expect(open(proxied.port, '203.0.113.7:4711')).rejects.toThrow('429');
    await open(proxied.port, '2001:db8::1');
    // A subscriber has a whole /64.
    await expect(open(proxied.port, '2001:db8::2')).rejects.toThrow('429');
    await open(proxied.port, '203.0.113.8');
    await proxied.close();
  });

  it('H-16 authenticated clients of one address hold only its share of the connections', async () => {
    const shared = await startTestHub({ limits: { connectionsMaxPerAddress: 2 }, proxyHops: 1 });
    const from = (address: string) => {
      const token = shared.tokens.issue(address);
      const options = { headers: { 'x-forwarded-for': address } };
      return RawSocket.open(
        `ws://127.0.0.1:${shared.port}/xmpp-websocket?room=tavern&token=${token}`,
        ['xmpp'],
        options,
      );
    };
    const enter = async (socket: RawSocket) => {
      socket.send(FRAMING_OPEN);
      await socket.next((frame) => frame.includes('<mechanisms'));
      socket.send(AUTH);
      await socket.next((frame) => frame.startsWith('<success'));
    };
    const [first, second] = [await from('203.0.113.7'), await from('203.0.113.7')];
    await Promise.all([enter(first), enter(second)]);
    await expect(from('203.0.113.7')).rejects.toThrow('429');
    await enter(await from('203.0.113.8'));
    first.ws.terminate();
    await expect.poll(() => from('203.0.113.7').then(() => 'open', String)).toBe('open');
    await shared.close();
  });

  it('H-16 the limits per address ignore forwarded addresses without a trusted proxy', async () => {
    const direct = await startTestHub({ limits });
    await open(direct.port, '203.0.113.7');
    await expect(open(direct.port, '203.0.113.8')).rejects.toThrow('429');
    await direct.close();
  });
});
