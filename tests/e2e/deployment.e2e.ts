import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createParleyClient } from '@/lib/api';
import { readTimeline } from '@/lib/recording/timeline';
import { openUrlSource } from '@/tools/recording/urlSource';
import { Stranger } from '../lib/transport/headless/stranger';
import { chromiumPath, openVisitor } from './support/browser';
import { type JitsiDeployment, startDeployment } from './support/jitsiDeployment';
import { autojoinLink, readStats, receivedOf, waitUntilLive, waitUntilReceived } from './support/parleyPage';
import { type ParleyServer, startParley } from './support/parleyServer';
import { connectChromium } from './support/sharedChromium';

describe.skipIf(!chromiumPath)('a Jitsi deployment elsewhere (JITSI_URL)', () => {
  let deployment: JitsiDeployment;
  let parley: ParleyServer;
  let browser: Browser;

  beforeAll(async () => {
    // As it comes: it names nobody in presence, and invites at two.
    deployment = await startDeployment({ jicofo: {} });
    [parley, browser] = await Promise.all([startParley(deployment.settings), connectChromium()]);
  });

  afterAll(async () => {
    await browser?.close();
    await parley?.stop();
    await deployment?.close();
  });

  it('T-107 two people on the same pages receive each other over a deployment that names nobody, and no stranger in their name', async () => {
    const client = createParleyClient({ url: parley.url });
    const { id, hostToken } = await client.meeting.create({});
    const a = await openVisitor(browser, parley.url);
    const b = await openVisitor(browser, parley.url);
    await a.page.goto(autojoinLink(parley.url, id, { name: 'Ana' }));
    await waitUntilLive(a.page);
    // A deployment opens no channel for one person alone: the page waits, and nothing is lost or broken.
    expect((await readStats(a.page)).stats.self).toMatchObject({ posesSent: 0 });
    await b.page.goto(autojoinLink(parley.url, id, { name: 'Bo' }));
    await waitUntilReceived(a.page, 'Bo');
    await waitUntilReceived(b.page, 'Ana');
    const recording = await client.recording.start({ id, hostToken });
    expect(deployment.hub.stats().rooms).toBe(1);

    // Mallory has a seat of her own, by which she claims the endpoint of Ana. She repeats the packets of Ana as her own.
    const { jitsi, joinToken, stayToken } = await client.meeting.join({ id, role: 'participant', name: 'Mallory' });
    const ana = (await client.meeting.get({ id })).people.find(({ name }) => name === 'Ana')!;
    const { nonce } = await client.meeting.claim({ id, stayToken, endpointId: ana.endpoint!.id });
    const mallory = new Stranger({
      personId: ana.id,
      fetchPass: async () => ({ coordinates: jitsi, joinToken }),
      noncesToSay: () => [ana.endpoint!.nonce, nonce],
    });
    mallory.events.on('packet', ({ bytes }) => mallory.broadcast(bytes, bytes.length));
    await mallory.connect();
    const dropped = async () => (await readStats(b.page)).stats.dropped['anonymous'] ?? 0;
    await expect.poll(dropped, { timeout: 30_000 }).toBeGreaterThan(30);
    const received = await receivedOf(b.page);
    await waitUntilReceived(b.page, 'Ana', received.get('Ana'));
    expect(received.get('Mallory')).toBe(0);

    // The recorder hears what a spectator does, and believes Mallory no more than the pages do.
    const posesOf = async (replayUrl: string) => {
      const { timeline } = await readTimeline(await openUrlSource(replayUrl));
      return timeline.people.map(({ name, poses }) => [name, poses > 30]);
    };
    await expect
      .poll(() => posesOf(recording.replayUrl!), { timeout: 30_000, interval: 1000 })
      .toEqual([
        ['Ana', true],
        ['Bo', true],
        ['Mallory', false],
      ]);
    await mallory.disconnect();
    expect(await client.recording.stop({ id, hostToken })).toMatchObject({ state: 'ready' });

    // The room has made its first occupant an owner, which the operator is told once.
    const told = () =>
      parley
        .output()
        .split('\n')
        .filter((line) => line.includes('fault="owner"'));
    await expect.poll(() => told().length).toBe(1);
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
