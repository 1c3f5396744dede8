import type { IncomingHttpHeaders, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { silentLog } from '@/lib/core/log';
import { readEnv } from '@/server/env';
import { createHttpServer } from '@/server/http/httpServer';
import { CLIENT_IP_HEADER, SITE_ORIGIN_HEADER } from '@/server/runtime';
import { rawRequest } from '@/tests/support/rawRequest';

let server: Server | null = null;
afterEach(() => server?.close());

/** The headers that a page gets for a request with `headers`. */
async function pageHeaders(settings: Record<string, string>, headers: Record<string, string>) {
  let seen: IncomingHttpHeaders = {};
  server = createHttpServer({
    env: readEnv(settings),
    dev: false,
    handlers: [],
    handlePage: async (request, response) => {
      seen = request.headers;
      response.end();
    },
    log: silentLog,
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  await rawRequest(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, { headers });
  return { ip: seen[CLIENT_IP_HEADER], origin: seen[SITE_ORIGIN_HEADER] };
}

const FORWARDED = {
  host: 'inner',
  'x-forwarded-for': '203.0.113.7',
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'meet.example.org',
};

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
    const told = await pageHeaders({ PUBLIC_URL: 'https://meet.example.org' }, { host: 'inner' });
    expect(told.origin).toBe('https://meet.example.org');
  });

  it('pages get no origin for an invalid host', async () => {
    expect((await pageHeaders({}, { host: 'a/b' })).origin).toBe('');
  });
});
