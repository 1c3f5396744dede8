import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { PAGE_LIMITS, PageGate, pageFiles } from '@/server/http/pageGate';
import { ManualClock } from '@/tests/support/manualClock';
import { rawRequest } from '@/tests/support/rawRequest';

const closings: (() => void)[] = [];
afterEach(() => {
  for (const close of closings.splice(0)) close();
});

/** A gate before pages that are finished by hand. */
async function serve(changes: Partial<typeof PAGE_LIMITS> = {}) {
  const clock = new ManualClock();
  const files = new Set(['/logo.svg']);
  const gate = new PageGate({ limits: { ...PAGE_LIMITS, ...changes }, proxyHops: 1, clock, files });
  const rendering: (() => void)[] = [];
  let most = 0;
  const server = createServer((request, response) => {
    void gate.pass(request, response, async () => {
      let finish = () => {};
      const done = new Promise<void>((resolve) => {
        finish = resolve;
      });
      rendering.push(finish);
      most = Math.max(most, rendering.length);
      if (request.url === '/logo.svg') finish();
      await done;
      rendering.splice(rendering.indexOf(finish), 1);
      response.end('page');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closings.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const ask = (address: string, path = '/') => rawRequest(url + path, { headers: { 'x-forwarded-for': address } });
  return { clock, rendering, ask, most: () => most };
}

describe('a flood of pages', () => {
  it('an address that asks too often is told when to come back, and others are served', async () => {
    const { clock, rendering, ask } = await serve({ rate: { burst: 1, perSecond: 0.25 } });
    const first = ask('203.0.113.7');
    await expect.poll(() => rendering.length).toBe(1);
    const refused = await ask('203.0.113.7');
    expect(refused).toMatchObject({ status: 503, headers: { 'retry-after': '4' } });
    expect(refused.body.toString()).toContain('This page tries again in 4 s.');
    const other = ask('203.0.113.8');
    await expect.poll(() => rendering.length).toBe(2);
    for (const finish of [...rendering]) finish();
    expect([(await first).status, (await other).status]).toEqual([200, 200]);
    clock.advance(4_000);
    const again = ask('203.0.113.7');
    await expect.poll(() => rendering.length).toBe(1);
    rendering[0]!();
    expect((await again).status).toBe(200);
  });

  it('few pages are made at once; some wait for their turn, and the rest is refused', async () => {
    const { rendering, ask, most } = await serve({ atOnce: 2, queueMax: 3 });
    let refused = 0;
    const answers = Array.from({ length: 8 }, async (_, caller) => {
      const { status } = await ask(`203.0.113.${caller}`);
      if (status === 503) refused += 1;
      return status;
    });
    await expect.poll(() => refused).toBe(3);
    expect(rendering).toHaveLength(2);
    const finishing = setInterval(() => rendering[0]?.(), 1);
    const statuses = await Promise.all(answers);
    clearInterval(finishing);
    expect(statuses.filter((status) => status === 200)).toHaveLength(5);
    expect(most()).toBe(2);
  });

  it('a page that waits too long for its turn is refused, and its place goes to the next', async () => {
    const { rendering, ask } = await serve({ atOnce: 1, waitMaxMs: 20 });
    const first = ask('203.0.113.1');
    await expect.poll(() => rendering.length).toBe(1);
    expect((await ask('203.0.113.2')).status).toBe(503);
    rendering[0]!();
    expect((await first).status).toBe(200);
    const next = ask('203.0.113.3');
    await expect.poll(() => rendering.length).toBe(1);
    rendering[0]!();
    expect((await next).status).toBe(200);
  });

  it('requests for files do not count as pages', async () => {
    const { ask } = await serve({ rate: { burst: 1, perSecond: 0.01 } });
    for (let count = 0; count < 3; count += 1) expect((await ask('203.0.113.7', '/logo.svg')).status).toBe(200);
  });
});

describe('pageFiles', () => {
  it('the files of the public folder are known, whether the pages are built or not', () => {
    expect(pageFiles(process.cwd())).toContain('/images/meeting.jpg');
  });
});
