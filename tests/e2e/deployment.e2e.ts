import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createParleyClient } from '@/lib/api';
import { wallClock } from '@/lib/core/clock';
import { Hub } from '@/server/hub/hub';
import { createVerifier } from '@/server/services/tokens/joinTokens';
import { LIBRARY_FILE } from '../server/hub/testHub';
import { chromiumPath, openVisitor } from './support/browser';
import { autojoinLink, readStats, waitUntilLive, waitUntilReceived } from './support/parleyPage';
import { type ParleyServer, startParley } from './support/parleyServer';
import { connectChromium } from './support/sharedChromium';

const APP_ID = 'parley-tests';
const APP_SECRET = 'a secret of the deployment';
const DOMAIN = 'meet.example';

describe.skipIf(!chromiumPath)('a Jitsi deployment elsewhere (JITSI_URL)', () => {
  let deployment: Server;
  let hub: Hub;
  let parley: ParleyServer;
  let browser: Browser;
  let deploymentUrl: string;

  beforeAll(async () => {
    // Stands in for Prosody, Jicofo and a bridge: another origin, which trusts the app's tokens and invites at two.
    const authority = { issuer: APP_ID, audience: APP_ID, subject: DOMAIN, secret: APP_SECRET };
    // A deployment knows of tokens only, and nothing of stays.
    const admission = { ...createVerifier(authority, wallClock), review: async () => [] };
    hub = new Hub({ domain: DOMAIN, admission, libJitsiMeetPath: LIBRARY_FILE, minParticipants: 2 });
    deployment = createServer((request, response) => {
      if (!hub.handleRequest(request, response)) response.writeHead(404).end();
    });
    deployment.on('upgrade', (request, socket, head) => {
      if (!hub.handleUpgrade(request, socket, head)) socket.destroy();
    });
    await new Promise<void>((resolve) => deployment.listen(0, '127.0.0.1', resolve));
    deploymentUrl = `http://127.0.0.1:${(deployment.address() as AddressInfo).port}`;
    const settings = {
      JITSI_URL: deploymentUrl,
      JITSI_XMPP_DOMAIN: DOMAIN,
      JITSI_APP_ID: APP_ID,
      JITSI_APP_SECRET: APP_SECRET,
    };
    [parley, browser] = await Promise.all([startParley(settings), connectChromium()]);
  });

  afterAll(async () => {
    await browser?.close();
    await parley?.stop();
    await hub?.close();
    deployment?.close();
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
    expect(hub.stats().rooms).toBe(1);
    for (const { problems, foreignRequests } of [a, b]) {
      expect(problems).toEqual([]);
      expect(foreignRequests.every((url) => url.startsWith(deploymentUrl))).toBe(true);
    }
    await Promise.all([a.context.close(), b.context.close()]);
  });

  it('a site with JITSI_URL serves no lib-jitsi-meet of its own', async () => {
    expect((await fetch(`${parley.url}/libs/lib-jitsi-meet.min.js`)).status).toBe(404);
  });
});
