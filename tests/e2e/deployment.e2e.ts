import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createParleyClient } from '@/lib/api';
import { chromiumPath, openVisitor } from './support/browser';
import { type JitsiDeployment, startDeployment } from './support/jitsiDeployment';
import { autojoinLink, readStats, waitUntilLive, waitUntilReceived } from './support/parleyPage';
import { type ParleyServer, startParley } from './support/parleyServer';
import { connectChromium } from './support/sharedChromium';

describe.skipIf(!chromiumPath)('a Jitsi deployment elsewhere (JITSI_URL)', () => {
  let deployment: JitsiDeployment;
  let parley: ParleyServer;
  let browser: Browser;

  beforeAll(async () => {
    deployment = await startDeployment({ minParticipants: 2 });
    [parley, browser] = await Promise.all([startParley(deployment.settings), connectChromium()]);
  });

  afterAll(async () => {
    await browser?.close();
    await parley?.stop();
    await deployment?.close();
  });

  it('two people on the same pages receive each other over a deployment', async () => {
    const { id } = await createParleyClient({ url: parley.url }).meeting.create({});
    const a = await openVisitor(browser, parley.url);
    const b = await openVisitor(browser, parley.url);
    await a.page.goto(autojoinLink(parley.url, id, { name: 'Ana' }));
    await waitUntilLive(a.page);
    // A deployment opens no channel for one person alone: the page waits, and nothing is lost or broken.
    expect((await readStats(a.page)).stats.self).toMatchObject({ posesSent: 0 });
    await b.page.goto(autojoinLink(parley.url, id, { name: 'Bo' }));
    await waitUntilReceived(a.page, 'Bo');
    await waitUntilReceived(b.page, 'Ana');
    expect(deployment.hub.stats().rooms).toBe(1);
    for (const { problems, foreignRequests } of [a, b]) {
      expect(problems).toEqual([]);
      expect(foreignRequests.every((url) => url.startsWith(deployment.url))).toBe(true);
    }
    await Promise.all([a.context.close(), b.context.close()]);
  });

  it('a site with JITSI_URL serves no lib-jitsi-meet of its own', async () => {
    expect((await fetch(`${parley.url}/libs/lib-jitsi-meet.min.js`)).status).toBe(404);
  });
});
