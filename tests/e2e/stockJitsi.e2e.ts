import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createParleyClient } from '@/lib/api';
import { attendHeadless } from '@/lib/attend/headless';
import { chromiumPath, openVisitor } from './support/browser';
import { autojoinLink, readStats, waitUntilLive, waitUntilReceived } from './support/parleyPage';
import { type ParleyServer, startParley } from './support/parleyServer';
import { connectChromium } from './support/sharedChromium';

describe.skipIf(!chromiumPath)('a stock Jitsi (HUB_AS=jicofo)', () => {
  let parley: ParleyServer;
  let browser: Browser;

  beforeAll(async () => {
    [parley, browser] = await Promise.all([startParley({ HUB_AS: 'jicofo+identity' }), connectChromium()]);
  });

  afterAll(async () => {
    await browser?.close();
    await parley?.stop();
  });

  it('a page, a bot and the page of a spectator receive everybody who has a seat', async () => {
    const { id } = await createParleyClient({ url: parley.url }).meeting.create({});
    const bot = attendHeadless({ url: parley.url, meetingId: id, name: 'Cy' });
    const visitors = await Promise.all([1, 2].map(() => openVisitor(browser, parley.url)));
    const [ana, spectator] = visitors.map(({ page }) => page);
    try {
      await ana!.goto(autojoinLink(parley.url, id, { name: 'Ana' }));
      await waitUntilLive(ana!);
      // A focus invites nobody who is alone: the page waits, and nothing is lost or broken.
      expect((await readStats(ana!)).stats.self).toMatchObject({ posesSent: 0 });
      await bot.join();
      await waitUntilReceived(ana!, 'Cy');
      const anaId = (await readStats(ana!)).stats.self!.id;
      await expect.poll(() => bot.exchange?.feed.statsOf(anaId)?.poseFps ?? 0).toBeGreaterThan(0);
      await spectator!.goto(`${parley.url}/m/${id}/watch`);
      await Promise.all(['Ana', 'Cy'].map((name) => waitUntilReceived(spectator!, name)));
      await expect.poll(async () => (await readStats(ana!)).stats.spectators).toBe(1);
      for (const { problems, foreignRequests } of visitors) expect([problems, foreignRequests]).toEqual([[], []]);
    } finally {
      await bot.leave();
      await Promise.all(visitors.map(({ context }) => context.close()));
    }
  });
});
