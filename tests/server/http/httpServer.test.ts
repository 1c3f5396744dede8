import { once } from 'node:events';
import type { IncomingHttpHeaders, Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { silentLog } from '@/lib/core/log';
import { readEnv } from '@/server/env';
import { createHttpServer } from '@/server/http/httpServer';
import type { HandlePage } from '@/server/http/pageGate';
import { CLIENT_IP_HEADER, SITE_ORIGIN_HEADER } from '@/server/runtime';
import { rawRequest } from '@/tests/support/rawRequest';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** Serves pages alone; returns the port. */
async function listen(settings: Record<string, string>, handlePage: HandlePage, log = silentLog): Promise<number> {
  const env = readEnv(settings);
  const made = createHttpServer({ env, dev: false, handlers: [], files: new Set(), handlePage, log });
  servers.push(made);
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  return (made.address() as AddressInfo).port;
}

/** The headers that a page gets for a request with `headers`. */
async function pageHeaders(settings: Record<string, string>, headers: Record<string, string>) {
  let seen: IncomingHttpHeaders = {};
  const port = await listen(settings, async (request, response) => {
    seen = request.headers;
    response.end();
  });
  await rawRequest(`http://127.0.0.1:${port}/`, { headers });
  return { ip: seen[CLIENT_IP_HEADER], origin: seen[SITE_ORIGIN_HEADER] };
}

const FORWARDED = {
  host: 'inner',
  'x-forwarded-for': '203.0.113.7',
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'meet.example.org',
};

it('the policy of a page lets it reach a deployment, and bridges on hosts of their own', async () => {
  const settings = { JITSI_URL: 'https://j.example.org/meet', JITSI_BRIDGE_ORIGINS: 'https://b.example.org' };
  const port = await listen(settings, async (_request, response) => void response.end());
  const { headers } = await rawRequest(`http://127.0.0.1:${port}/`);
  const policy = String(headers['content-security-policy']);
  expect(policy).toContain(' wss://j.example.org wss://b.example.org');
  expect(policy).toMatch(/script-src [^;]*https:\/\/j\.example\.org/);
});

it('a page is for reading: nothing else reaches it, and no body is read', async () => {
  const asked: string[] = [];
  const port = await listen({}, async ({ method = '' }, response) => {
    asked.push(method);
    response.end();
  });
  const statusOf = async (method: string) => {
    const headers = { 'next-action': 'a'.repeat(40), 'content-type': 'text/plain' };
    return (await rawRequest(`http://127.0.0.1:${port}/`, { method, headers })).status;
  };
  expect(await Promise.all(['GET', 'HEAD'].map(statusOf))).toEqual([200, 200]);
  const others = ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'];
  expect(await Promise.all(others.map(statusOf))).toEqual(others.map(() => 405));
  expect(asked.sort()).toEqual(['GET', 'HEAD']);
});

/** The first line of the answer to `text`, as it is sent; '' if the connection is closed without one. */
async function firstLine(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write(text);
  const [data] = await Promise.race([
    once(socket, 'data') as Promise<[Buffer]>,
    once(socket, 'close').then(() => ['']),
  ]);
  socket.destroy();
  return data!.toString().split('\r\n')[0]!;
}

const UPGRADE = 'GET /xmpp-websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';

it('a page that fails is logged without what its address opens', async () => {
  const lines: unknown[] = [];
  const log = { ...silentLog, error: (_message: string, fields?: object) => lines.push(fields) };
  const fail = () => Promise.reject(new Error('broken'));
  const port = await listen({}, fail, log);
  expect((await rawRequest(`http://127.0.0.1:${port}/r/abc.1f.signature/more?t=9`)).status).toBe(500);
  expect((await rawRequest(`http://127.0.0.1:${port}/m/abc?name=Ana`)).status).toBe(500);
  expect(lines).toEqual([
    { path: '/r/***/more', error: 'Error: broken' },
    { path: '/m/abc', error: 'Error: broken' },
  ]);
});

describe('a request that no browser sends', () => {
  it.each([
    ['for another server, as to a proxy', 'GET http://evil.example/ HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['for an address that cannot be decoded', 'GET /m/%zz HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['with two hosts', 'GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n'],
    ['for no address', 'GET * HTTP/1.1\r\nHost: x\r\n\r\n'],
  ])('%s is refused before any page sees it', async (_name, text) => {
    const port = await listen({}, async (_request, response) => void response.end('page'));
    expect(await firstLine(port, text)).toBe('HTTP/1.1 400 Bad Request');
  });

  it('an upgrade sent ahead of an answer closes the connection', async () => {
    const port = await listen({}, async () => new Promise(() => {}));
    expect(await firstLine(port, `GET /m/a HTTP/1.1\r\nHost: x\r\n\r\n${UPGRADE}`)).toBe('');
  });
});

describe('a site with a public address', () => {
  const settings = { PUBLIC_URL: 'https://meet.example.org', TRUST_PROXY: 'on' };

  /** Asks for a page and for an upgrade under a host's name. */
  async function statuses(host: string) {
    const port = await listen(settings, async (_request, response) => void response.end('page'));
    const upgrade = { host, connection: 'Upgrade', upgrade: 'websocket' };
    const page = await rawRequest(`http://127.0.0.1:${port}/`, { headers: { host } });
    const socket = await rawRequest(`http://127.0.0.1:${port}/nowhere`, { headers: upgrade }).catch(() => null);
    return { page: page.status, body: page.body.toString(), socket: socket?.status ?? 'cut' };
  }

  it('a page that was pointed here under another name gets nothing, by request or by WebSocket', async () => {
    const refused = await statuses('evil.example');
    expect(refused).toMatchObject({ page: 421, socket: 421 });
    expect(refused.body).toContain('This server answers for https://meet.example.org only.');
  });

  it('the public name and a probe on the same machine are served', async () => {
    expect(await statuses('meet.example.org')).toMatchObject({ page: 200, socket: 'cut' });
    expect(await statuses('localhost')).toMatchObject({ page: 200 });
  });
});

describe('the headers that pages get', () => {
  it("pages get the request's address and origin, whatever its headers claim", async () => {
    const claims = { ...FORWARDED, [CLIENT_IP_HEADER]: '203.0.113.9', [SITE_ORIGIN_HEADER]: 'https://evil.example' };
    expect(await pageHeaders({}, claims)).toEqual({ ip: '127.0.0.1', origin: 'http://inner' });
  });

  it('pages get the address and origin that a trusted proxy forwards', async () => {
    const told = await pageHeaders({ TRUST_PROXY: 'on' }, FORWARDED);
    expect(told).toEqual({ ip: '203.0.113.7', origin: 'https://meet.example.org' });
  });

  it('pages get the public origin if one is set', async () => {
    const told = await pageHeaders({ PUBLIC_URL: 'https://meet.example.org' }, { host: 'localhost' });
    expect(told.origin).toBe('https://meet.example.org');
  });

  it('pages get no origin for an invalid host', async () => {
    expect((await pageHeaders({}, { host: 'a/b' })).origin).toBe('');
  });
});
