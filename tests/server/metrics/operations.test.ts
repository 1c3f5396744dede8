import { tmpdir } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { Operations, type OperationsParts } from '@/server/metrics/operations';
import { SiteMetrics } from '@/server/metrics/siteMetrics';

const SOON = { timeout: 5_000, interval: 20 };

describe('the figures of a running site', () => {
  const running: Operations[] = [];
  afterEach(() => {
    for (const operations of running.splice(0)) operations.close();
  });

  async function run(changes: Partial<OperationsParts> = {}, port = 0) {
    const metrics = new SiteMetrics('1', 1_500_000);
    const operations = new Operations({
      env: { metricsIntervalS: 1, metricsToken: null, metricsPort: port, dataDir: tmpdir(), host: '127.0.0.1' },
      metrics,
      census: async () => ({ meetings: 1, participants: 2, spectators: 3 }),
      outbox: { queue: async () => ({ depth: 0, oldestAtMs: null }) },
      alerts: { look: async () => {} },
      drain: { isOn: false },
      history: { look: async () => {} },
      recordings: () => 0,
      hub: null,
      recorder: null,
      ...changes,
    });
    running.push(operations);
    await operations.start();
    const get = async (path: string) => {
      const response = await fetch(`http://127.0.0.1:${operations.insidePort}${path}`);
      return [response.status, await response.text()] as const;
    };
    return { operations, get };
  }

  it('the port of the operator serves metrics, health and readiness, and nothing else', async () => {
    const drain = { isOn: false };
    const { operations, get } = await run({ drain });
    await expect.poll(async () => (await get('/readyz'))[0], SOON).toBe(200);
    expect((await get('/metrics'))[1]).toMatch(/^parley_participants\{role="spectator"\} 3$/m);
    expect((await get('/metrics'))[1]).toMatch(/^parley_disk_free_bytes [1-9]/m);
    expect((await get('/'))[0]).toBe(404);
    drain.isOn = true;
    expect(operations.lacks).toEqual(['draining']);
    expect(await get('/readyz')).toEqual([503, 'not ready: draining\n']);
  });

  it('a database that does not answer makes the site unready within five seconds', async () => {
    let isHung = false;
    const census = () =>
      isHung ? new Promise<never>(() => {}) : Promise.resolve({ meetings: 0, participants: 0, spectators: 0 });
    const { get } = await run({ census });
    await expect.poll(async () => (await get('/readyz'))[0], SOON).toBe(200);
    isHung = true;
    await expect.poll(() => get('/readyz'), SOON).toEqual([503, 'not ready: database\n']);
    expect((await get('/metrics'))[1]).toMatch(/^parley_database_up 0$/m);
  });

  it('a port that is taken is told at the start', async () => {
    const { operations } = await run();
    await expect(run({}, operations.insidePort!)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
