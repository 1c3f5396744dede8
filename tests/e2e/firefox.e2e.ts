import { networkInterfaces } from 'node:os';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createParleyClient } from '@/lib/api';
import type { ParleyStats } from '@/lib/meeting/stats';
import { chromiumPath, FAKE_DEVICES, launchChromium, openVisitor } from './support/browser';
import { Firefox, type FirefoxPage, firefoxPath } from './support/firefox';
import { autojoinLink, readStats, waitUntilLive } from './support/parleyPage';
import { type ParleyServer, startParley } from './support/parleyServer';

/** Firefox uses no loopback address for media, and so reaches only a machine that has another. */
const hasNetwork = Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ internal }) => !internal));

/** The level above which a voice is heard: the fake microphones hum and beep louder, and silence is 0. */
const HEARD = 0.4;

/** Remembers the page's peer connections, to ask them what they receive. */
const WATCH_CONNECTIONS = `() => {
  globalThis.peerConnections = [];
  const Native = globalThis.RTCPeerConnection;
  if (!Native) return;
  globalThis.RTCPeerConnection = class extends Native {
    constructor(...options) {
      super(...options);
      globalThis.peerConnections.push(this);
    }
  };
}`;

/** Voices of which packets have come. A machine without a sound card plays none in Firefox, so levels say nothing there. */
const VOICES_RECEIVED = `(async () => {
  const reports = await Promise.all(peerConnections.map((connection) => connection.getStats()));
  const inbound = reports.flatMap((report) => [...report.values()].filter(({ type }) => type === 'inbound-rtp'));
  return inbound.filter(({ kind, packetsReceived }) => kind === 'audio' && packetsReceived > 0).length;
})()`;

/** What a participant has of the others, whatever the browser. */
function summaryOf({ connection, voice, participants }: ParleyStats) {
  const moving = participants.filter(({ posesReceived }) => posesReceived > 0).map(({ name }) => name);
  return { connection, microphone: voice?.microphone, media: voice?.media, moving: moving.sort() };
}

const COMPLETE = { connection: 'live', microphone: 'live', media: 'through' };

describe.skipIf(!chromiumPath || !firefoxPath || !hasNetwork)(
  'Firefox as it comes, on the machine of the server',
  () => {
    let server: ParleyServer;
    let firefox: Firefox;
    let chromium: Browser;

    beforeAll(async () => {
      [server, firefox, chromium] = await Promise.all([
        startParley({ KIOSK: 'on' }),
        Firefox.launch(),
        launchChromium(FAKE_DEVICES, 'withoutWebgl'),
      ]);
      await firefox.addInitScript(WATCH_CONNECTIONS);
    });

    afterAll(() => Promise.all([server?.stop(), firefox?.close(), chromium?.close()]));

    async function openInChromium(url: string): Promise<Page> {
      const { page } = await openVisitor(chromium, server.url);
      await page.goto(url);
      await waitUntilLive(page);
      return page;
    }

    it('two people in Firefox and one in Chromium hear and see each other at localhost', async () => {
      const { id } = await createParleyClient({ url: server.url }).meeting.create();
      const link = (name: string) => autojoinLink(server.url, id, { name, mic: '1' });
      const [ana, bo, cleo] = await Promise.all([
        firefox.open(link('Ana')),
        firefox.open(link('Bo')),
        openInChromium(link('Cleo')),
      ]);
      const inFirefox = async (page: FirefoxPage) => summaryOf(await page.evaluate<ParleyStats>('parley.stats()'));
      await expect.poll(() => inFirefox(ana)).toEqual({ ...COMPLETE, moving: ['Bo', 'Cleo'] });
      await expect.poll(() => inFirefox(bo)).toEqual({ ...COMPLETE, moving: ['Ana', 'Cleo'] });
      await expect.poll(() => ana.evaluate(VOICES_RECEIVED)).toBe(2);
      await expect.poll(() => bo.evaluate(VOICES_RECEIVED)).toBe(2);
      const heard = async () => (await readStats(cleo)).stats.voice!.heard.filter(({ level }) => level > HEARD).length;
      await expect.poll(heard).toBe(2);
      expect([...ana.problems, ...bo.problems]).toEqual([]);
    });
  },
);
