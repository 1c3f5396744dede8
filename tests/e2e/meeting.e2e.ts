import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { createParleyClient, type ParleyClient } from '@/lib/api';
import { chromiumPath, openVisitor, type Visitor } from './support/browser';
import { autojoinLink, readStats, waitUntilLive, waitUntilReceived } from './support/parleyPage';
import { connectChromium } from './support/sharedChromium';

/** Less than a stay without heartbeats lives, so that only a word from the closing page can free the seat. */
const FREED_BY_THE_PAGE_MS = 10_000;

/** What only a browser can prove: reloads, closed tabs, a network that goes. The rest is in `tests/lib/attend`. */
describe.skipIf(!chromiumPath)('a meeting in the browser', () => {
  const serverUrl = inject('parleyUrl');
  let browser: Browser;
  let client: ParleyClient;
  let visitors: Visitor[] = [];
  let meetingId: string;

  beforeAll(async () => {
    browser = await connectChromium();
    client = createParleyClient({ url: serverUrl });
  });

  afterAll(() => browser?.close());

  beforeEach(async () => {
    meetingId = (await client.meeting.create({ title: 'Round table' })).id;
  });

  afterEach(async () => {
    await Promise.all(visitors.map(({ context }) => context.close()));
    visitors = [];
  });

  async function sit(name: string): Promise<Visitor> {
    const visitor = await openVisitor(browser, serverUrl);
    visitors.push(visitor);
    await visitor.page.goto(autojoinLink(serverUrl, meetingId, { name }));
    return visitor;
  }

  async function sitTogether(): Promise<[Visitor, Visitor]> {
    const both = await Promise.all([sit('Ana'), sit('Bo')]);
    await Promise.all(both.map(({ page }) => waitUntilLive(page)));
    await Promise.all([waitUntilReceived(both[1].page, 'Ana'), waitUntilReceived(both[0].page, 'Bo')]);
    return both;
  }

  const received = async ({ page }: Visitor) => (await readStats(page)).stats.participants[0]?.posesReceived ?? 0;

  it('a reloaded page has its seat back, and the other page sees one person throughout', async () => {
    const [a, b] = await sitTogether();
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

  it('a closed tab frees its seat before its stay runs out', async () => {
    const [a, b] = await sitTogether();
    await a.page.close();
    await expect
      .poll(async () => (await client.meeting.get({ id: meetingId })).people.length, { timeout: FREED_BY_THE_PAGE_MS })
      .toBe(1);
    await expect.poll(async () => (await readStats(b.page)).stats.participants.length).toBe(0);
  });

  it('a page comes back by itself when its network was away', async () => {
    const [, b] = await sitTogether();
    await b.context.setOffline(true);
    await b.page.waitForTimeout(3000);
    await b.context.setOffline(false);
    await waitUntilReceived(b.page, 'Ana', await received(b));
    await waitUntilLive(b.page);
  });
});
