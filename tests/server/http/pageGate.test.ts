import { createServer, request } from 'node:http';
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
  let [gone, goneBefore] = [0, 0];
  const server = createServer((request, response) => {
    response.once('close', () => {
      if (!response.writableFinished) gone += 1;
    });
    void gate.pass(request, response, async () => {
      if (request.url === '/logo.svg') return void response.end('file');
      let finish = () => {};
      const done = new Promise<void>((resolve) => {
        finish = resolve;
      });
      rendering.push(finish);
      most = Math.max(most, rendering.length);
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
  /** Asks for a page and goes away once it is in the making; resolves when the server knows. */
  const askAndGo = async (address: string) => {
    const before = rendering.length;
    const outgoing = request(url, { headers: { 'x-forwarded-for': address }, agent: false });
    outgoing.on('error', () => {});
    outgoing.end();
    await expect.poll(() => rendering.length).toBe(before + 1);
    const known = goneBefore + 1;
    outgoing.destroy();
    await expect.poll(() => gone).toBe(known);
    goneBefore = known;
  };
  return { clock, rendering, ask, askAndGo, most: () => most };
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

  it('a page whose reader has gone keeps its place until it is made', async () => {
    const { rendering, ask, askAndGo, most } = await serve({ atOnce: 2 });
    await askAndGo('203.0.113.1');
    await askAndGo('203.0.113.2');
    const later = [ask('203.0.113.3'), ask('203.0.113.4')];
    // A request for a file comes after them.
    await ask('203.0.113.5', '/logo.svg');
    const finishing = setInterval(() => rendering[0]?.(), 1);
    expect((await Promise.all(later)).map(({ status }) => status)).toEqual([200, 200]);
    clearInterval(finishing);
    expect(most()).toBe(2);
  });

  it('a page that is never made gives its place away some time after its reader has gone', async () => {
    const { rendering, ask, askAndGo } = await serve({ atOnce: 1, forNobodyMaxMs: 20 });
    await askAndGo('203.0.113.1');
    const next = ask('203.0.113.2');
    await expect.poll(() => rendering.length).toBe(2);
    rendering[1]!();
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
