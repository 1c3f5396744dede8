import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lacksOf, Probes, type ProbesParts } from '@/server/metrics/probes';
import type { SiteSample } from '@/server/metrics/siteMetrics';

const READY: SiteSample = {
  isDatabaseUp: true,
  census: { meetings: 0, participants: 0, spectators: 0 },
  isHubUp: true,
  hub: null,
  recordings: 0,
  hubRestarts: 0,
  sentBytesPerSecond: null,
  eventLoopLagMs: 0,
  memoryBytes: 1,
  messagesQueued: 0,
  oldestMessageAtMs: null,
  diskFreeBytes: 1e9,
};
const TOKEN = 'a token of the operator';

describe('health, readiness and metrics over HTTP', () => {
  let server: Server;
  let url: string;
  let sample: SiteSample | null = READY;
  let isDraining = false;
  let reader: ProbesParts['reader'] = { token: TOKEN };

  beforeAll(async () => {
    const metrics = { contentType: 'text/plain; version=0.0.4', text: async () => 'parley_meetings 1\n' };
    server = createServer((request, response) => {
      const probes = new Probes({ metrics, lacks: () => lacksOf(sample, isDraining), reader });
      if (!probes.handleRequest(request, response)) response.writeHead(418).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const get = async (path: string, headers: Record<string, string> = {}, method = 'GET') => {
    const response = await fetch(`${url}${path}`, { headers, method });
    return [response.status, (await response.text()).trim()] as const;
  };

  it('a process that answers is healthy, whatever else is away', async () => {
    sample = null;
    expect(await get('/healthz')).toEqual([200, 'ok']);
    expect(await get('/healthz', {}, 'HEAD')).toEqual([200, '']);
    expect((await get('/healthz', {}, 'POST'))[0]).toBe(405);
    expect((await get('/health'))[0]).toBe(418);
  });

  it.each([
    [null, 'starting'],
    [{ ...READY, isDatabaseUp: false }, 'database'],
    [{ ...READY, isHubUp: false }, 'hub'],
    [{ ...READY, diskFreeBytes: 1_000 }, 'disk'],
    [{ ...READY, isHubUp: false, isDatabaseUp: false }, 'database, hub'],
  ])('a site with the sample %j is not ready: %s', async (found, lack) => {
    sample = found;
    expect(await get('/readyz')).toEqual([503, `not ready: ${lack}`]);
  });

  it('a site is ready while it has all that it needs, also without a hub of its own, and no longer once it drains', async () => {
    for (const found of [READY, { ...READY, isHubUp: null, diskFreeBytes: null }]) {
      sample = found;
      expect(await get('/readyz?verbose')).toEqual([200, 'ready']);
    }
    isDraining = true;
    expect(await get('/readyz')).toEqual([503, 'not ready: draining']);
    isDraining = false;
  });

  it('metrics are for the bearer of their token alone, and without one for no one', async () => {
    expect(await get('/metrics', { authorization: `Bearer ${TOKEN}` })).toEqual([200, 'parley_meetings 1']);
    for (const authorization of ['', 'Bearer ', `Bearer ${TOKEN}x`, `bearer`, TOKEN, `Basic ${TOKEN}`]) {
      expect((await get('/metrics', { authorization }))[0], authorization).toBe(401);
    }
    reader = null;
    expect((await get('/metrics', { authorization: `Bearer ${TOKEN}` }))[0]).toBe(404);
    reader = 'open';
    expect((await get('/metrics'))[0]).toBe(200);
    reader = { token: TOKEN };
  });
});
