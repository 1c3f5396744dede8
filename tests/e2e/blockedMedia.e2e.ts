import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createParleyClient } from '@/lib/api';
import { chromiumPath, FAKE_DEVICES, launchChromium, openVisitor } from './support/browser';
import { autojoinLink, readStats, waitUntilLive, waitUntilReceived } from './support/parleyPage';
import { type ParleyServer, startParley } from './support/parleyServer';

/** An address that nothing answers at (RFC 5737). */
const NOWHERE = '192.0.2.1';

/**
 * Sends the page's media nowhere, by whatever protocol, as a firewall does that drops it without a word; and fails the checks
 * that the bridge sends to the page, by a password that is not the bridge's.
 */
function dropMedia(nowhere: string): void {
  type Description = (description: RTCSessionDescriptionInit) => Promise<void>;
  type Candidate = (candidate?: RTCIceCandidateInit | null) => Promise<void>;
  const pass = RTCPeerConnection.prototype as { setRemoteDescription: Description; addIceCandidate: Candidate };
  const { setRemoteDescription, addIceCandidate } = pass;
  const astray = (text = '') =>
    text
      .replace(/(candidate:\S+ \d+ \w+ \d+ )\S+( \d+ typ)/g, `$1${nowhere}$2`)
      .replace(/^(a=ice-pwd:).*$/gm, `$1${'x'.repeat(24)}`);
  pass.setRemoteDescription = function set({ type, sdp }) {
    return setRemoteDescription.call(this, { type, sdp: astray(sdp) });
  };
  pass.addIceCandidate = function add(candidate) {
    return addIceCandidate.call(this, candidate && { ...candidate, candidate: astray(candidate.candidate) });
  };
}

/** Longer than three times what a client waits before it asks the focus for a fresh session. */
const WATCHED_MS = 30_000;

const NOTICE = /^Your network lets no voices through/;

/** Counts how often the notice appears. */
function watchPage(): void {
  const page = globalThis as unknown as { notices: number };
  page.notices = 0;
  let isShown = false;
  const look = () => {
    const isNow = /lets no voices through/.test(document.body?.textContent ?? '');
    if (isNow && !isShown) page.notices += 1;
    isShown = isNow;
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true, characterData: true });
}

/** How often a page has opened and lost its pose channel. */
interface PoseChannel {
  opened: number;
  closed: number;
}

/** Counts from now on; to be called before the page opens its channel. */
function watchPoseChannel(page: Page): PoseChannel {
  const channel = { opened: 0, closed: 0 };
  page.on('websocket', (socket) => {
    if (!socket.url().includes('/colibri-ws')) return;
    channel.opened += 1;
    socket.on('close', () => {
      channel.closed += 1;
    });
  });
  return channel;
}

const noticesOf = (page: Page) => page.evaluate(() => (globalThis as unknown as { notices: number }).notices);

describe.skipIf(!chromiumPath)('a network that lets no voices through', () => {
  let server: ParleyServer;
  let browser: Browser;

  beforeAll(async () => {
    [server, browser] = await Promise.all([startParley({ KIOSK: 'on' }), launchChromium(FAKE_DEVICES, 'withoutWebgl')]);
  });

  afterAll(() => Promise.all([browser?.close(), server?.stop()]));

  async function join(
    meetingId: string,
    name: string,
    isBlocked = false,
  ): Promise<{ page: Page; channel: PoseChannel }> {
    const { page } = await openVisitor(browser, server.url, { viewport: { width: 640, height: 400 } });
    const channel = watchPoseChannel(page);
    await page.addInitScript(watchPage);
    if (isBlocked) await page.addInitScript(dropMedia, NOWHERE);
    await page.goto(autojoinLink(server.url, meetingId, { name, mic: '1' }));
    await waitUntilLive(page);
    return { page, channel };
  }

  it('people there are told once, others see it, and poses go on over the same channel', async () => {
    const { id } = await createParleyClient({ url: server.url }).meeting.create();
    const { page: ana, channel } = await join(id, 'Ana', true);
    const [{ page: bo }, { page: cleo }] = [await join(id, 'Bo'), await join(id, 'Cleo')];
    const mediaOf = async (page: Page) => (await readStats(page)).stats.voice!.media;

    await ana.getByText(NOTICE).waitFor({ timeout: 60_000 });
    expect(await ana.getByText(NOTICE).textContent()).toMatch(/UDP port \d+/);
    await expect.poll(() => mediaOf(ana)).toBe('blocked');
    await expect.poll(() => mediaOf(bo)).toBe('through');
    // The browser without 3D lists people by name.
    const rowOf = (page: Page, name: string) => page.getByRole('listitem').filter({ hasText: name }).first();
    for (const page of [ana, bo, cleo]) await rowOf(page, 'Ana').getByText('No voice comes through').waitFor();
    expect(await rowOf(ana, 'Bo').getByText('No voice comes through').count()).toBe(0);

    await ana.waitForTimeout(WATCHED_MS);
    expect(await noticesOf(ana)).toBe(1);
    expect((await readStats(ana)).stats.connection).toBe('live');
    expect(channel).toEqual({ opened: 1, closed: 0 });
    for (const [page, name] of [
      [ana, 'Bo'],
      [bo, 'Ana'],
      [cleo, 'Ana'],
    ] as const) {
      const { stats } = await readStats(page);
      const received = stats.participants.find((person) => person.name === name)?.posesReceived ?? 0;
      await waitUntilReceived(page, name, received + 5);
    }
    expect(await mediaOf(cleo)).toBe('through');
  });
});
