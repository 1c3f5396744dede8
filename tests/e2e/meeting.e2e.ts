import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createParleyClient } from '@/lib/api';
import { chromiumPath, openVisitor, type Visitor } from './support/browser';
import { autojoinLink, readStats, waitUntilLive, waitUntilReceived } from './support/parleyPage';
import { connectChromium } from './support/sharedChromium';

/** Less than a stay without heartbeats lives, so that only a word from the closing page can free the seat. */
const FREED_BY_THE_PAGE_MS = 10_000;

/** What only a browser can prove: reloads, closed tabs, a network that goes. The rest is in `tests/lib/attend`. */
describe.skipIf(!chromiumPath)('a meeting in the browser', () => {
  const serverUrl = inject('parleyUrl');
  const client = createParleyClient({ url: serverUrl });
  let browser: Browser;
  let meetingId: string;
  let a: Visitor;
  let b: Visitor;

  beforeAll(async () => {
    browser = await connectChromium();
    meetingId = (await client.meeting.create({ title: 'Round table' })).id;
    [a, b] = await Promise.all([sit('Ana'), sit('Bo')]);
    await Promise.all([waitUntilReceived(b.page, 'Ana'), waitUntilReceived(a.page, 'Bo')]);
  });

  afterAll(() => browser?.close());

  async function sit(name: string): Promise<Visitor> {
    const visitor = await openVisitor(browser, serverUrl);
    await visitor.page.goto(autojoinLink(serverUrl, meetingId, { name }));
    await waitUntilLive(visitor.page);
    return visitor;
  }

  const received = async ({ page }: Visitor) => (await readStats(page)).stats.participants[0]?.posesReceived ?? 0;

  it('a reloaded page has its seat back, and the other page sees one person throughout', async () => {
    const before = (await readStats(a.page)).stats.self!;
    await a.page.reload({ waitUntil: 'commit' });
    await waitUntilLive(a.page);
    expect((await readStats(a.page)).stats.self).toMatchObject({ id: before.id, seat: before.seat });
    await waitUntilReceived(b.page, 'Ana', await received(b));
    expect((await readStats(b.page)).stats.participants).toHaveLength(1);
    expect((await client.meeting.get({ id: meetingId })).people.map(({ name }) => name).sort()).toEqual(['Ana', 'Bo']);
    for (const { foreignRequests } of [a, b]) expect(foreignRequests).toEqual([]);
    expect(b.problems).toEqual([]);
  });

  it('a page comes back by itself when its network was away', async () => {
    await b.context.setOffline(true);
    await b.page.waitForTimeout(3000);
    await b.context.setOffline(false);
    await waitUntilReceived(b.page, 'Ana', await received(b));
    await waitUntilLive(b.page);
  });

  it('a closed tab frees its seat before its stay runs out', async () => {
    await a.page.close();
    await expect
      .poll(async () => (await client.meeting.get({ id: meetingId })).people.length, { timeout: FREED_BY_THE_PAGE_MS })
      .toBe(1);
    await expect.poll(async () => (await readStats(b.page)).stats.participants.length).toBe(0);
  });
});
