import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { createParleyClient, type ParleyClient } from '@/lib/api';
import type { ParleyStats } from '@/lib/meeting/stats';
import { chromiumPath, FAKE_DEVICES, faultsOf, launchChromium, openVisitor, type Visitor } from './support/browser';
import { autojoinLink, readStats, waitUntilLive, waitUntilReceived } from './support/parleyPage';
import { type ParleyServer, startParley } from './support/parleyServer';
import { connectChromium } from './support/sharedChromium';
import { waitForButtonUntouched } from './support/untouchedPage';

/** The fake microphone beeps once a second; a beep at any volume is above HEARD, silence below SILENT. */
const HEARD = 0.4;
const SILENT = 0.1;
const BEEPS_MS = 2500;

/** The highest level of each person heard in a page over a while, by id. */
function loudest(page: Page, overMs = BEEPS_MS): Promise<Record<string, number>> {
  return page.evaluate(async (spanMs) => {
    const { parley } = globalThis as unknown as { parley: { stats(): ParleyStats } };
    const levels: Record<string, number> = {};
    const endMs = performance.now() + spanMs;
    while (performance.now() < endMs) {
      for (const { id, level } of parley.stats().voice!.heard) levels[id] = Math.max(levels[id] ?? 0, level);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return levels;
  }, overMs);
}

/** Records what the page asks of webcams and microphones. */
function noteMediaRequests(): void {
  const page = globalThis as unknown as { askedMedia: MediaStreamConstraints[] };
  page.askedMedia = [];
  const ask = navigator.mediaDevices?.getUserMedia.bind(navigator.mediaDevices);
  if (!ask) return;
  navigator.mediaDevices.getUserMedia = (constraints) => {
    page.askedMedia.push(JSON.parse(JSON.stringify(constraints ?? {})) as MediaStreamConstraints);
    return ask(constraints);
  };
}

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

/** Notes when the notice appears. */
function watchPage(): void {
  const page = globalThis as unknown as { noticesMs: number[] };
  page.noticesMs = [];
  let isShown = false;
  const look = () => {
    const isNow = /lets no voices through/.test(document.body?.textContent ?? '');
    if (isNow && !isShown) page.noticesMs.push(performance.now());
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

/** How long ago the notice appeared, each time that it did, ms. */
const noticesMsAgo = (page: Page) =>
  page.evaluate(() => {
    const { noticesMs } = globalThis as unknown as { noticesMs: number[] };
    return noticesMs.map((atMs) => performance.now() - atMs);
  });

/** A meeting of which one participant is on such a network. It takes half a minute to see, in which the other tests run. */
interface BlockedMeeting {
  readonly ana: Page;
  readonly bo: Page;
  /** Ana's. */
  readonly channel: PoseChannel;
}

describe.skipIf(!chromiumPath)('voices in the browser', () => {
  /** Their links open the microphone, as in a kiosk: these tests are about what comes after. */
  let server: ParleyServer;
  let serverUrl: string;
  let browser: Browser;
  let bare: Browser;
  let client: ParleyClient;
  let blocked: BlockedMeeting;
  let visitors: Visitor[] = [];
  let meetingId: string;

  beforeAll(async () => {
    [browser, bare, server] = await Promise.all([
      launchChromium(FAKE_DEVICES, 'withoutWebgl'),
      connectChromium(),
      startParley({ KIOSK: 'on' }),
    ]);
    serverUrl = server.url;
    client = createParleyClient({ url: serverUrl });
    blocked = await startBlockedMeeting();
  });

  afterAll(async () => {
    await Promise.all([browser?.close(), bare?.close(), server?.stop()]);
  });

  beforeEach(async () => {
    meetingId = (await client.meeting.create({ title: 'Round table' })).id;
  });

  afterEach(async () => {
    await Promise.all(visitors.map(({ context }) => context.close()));
    visitors = [];
  });

  async function startBlockedMeeting(): Promise<BlockedMeeting> {
    const { id } = await client.meeting.create();
    const [ana, bo] = [await visit(), await visit()];
    const channel = watchPoseChannel(ana.page);
    await ana.page.addInitScript(dropMedia, NOWHERE);
    for (const { page } of [ana, bo]) await page.addInitScript(watchPage);
    for (const [{ page }, name] of [
      [ana, 'Ana'],
      [bo, 'Bo'],
    ] as const) {
      await page.goto(autojoinLink(serverUrl, id, { name, mic: '1' }));
      await waitUntilLive(page);
    }
    return { ana: ana.page, bo: bo.page, channel };
  }

  const visit = (where = browser) => openVisitor(where, serverUrl, { viewport: { width: 640, height: 400 } });

  async function open(url: string, where = browser): Promise<Page> {
    const visitor = await visit(where);
    visitors.push(visitor);
    await visitor.page.addInitScript(noteMediaRequests);
    await visitor.page.goto(url);
    return visitor.page;
  }

  async function vijoin(url: string, where?: Browser): Promise<Page> {
    const page = await open(url, where);
    await waitUntilLive(page);
    return page;
  }

  const idOf = async (page: Page) => (await readStats(page)).stats.self!.id;
  const voiceOf = async (page: Page) => (await readStats(page)).stats.voice!;
  const levelOf = async (page: Page, id: string) => (await loudest(page))[id] ?? 0;
  const isHeard = (page: Page, id: string) =>
    page.waitForFunction(
      ([wanted, least]) => {
        const { parley } = globalThis as unknown as { parley: { stats(): ParleyStats } };
        return parley.stats().voice!.heard.some((voice) => voice.id === wanted && voice.level > least);
      },
      [id, HEARD] as const,
      { polling: 20 },
    );
  const areHeard = (page: Page, ids: readonly string[]) => Promise.all(ids.map((id) => isHeard(page, id)));
  const isSilent = (page: Page, id: string) => expect.poll(() => levelOf(page, id)).toBeLessThan(SILENT);

  const mediaAskedBy = (page: Page) =>
    page.evaluate(() => (globalThis as unknown as { askedMedia: MediaStreamConstraints[] }).askedMedia);

  async function openPeople(page: Page, name: string) {
    await page.getByRole('button', { name: 'People' }).focus();
    await page.keyboard.press('Enter');
    const drawer = page.getByRole('complementary', { name: 'People' });
    return drawer.getByRole('listitem').filter({ hasText: name });
  }

  it('T-74 three people hear each other, mute, unmute, talk while a key is held and receive poses over a stock Jitsi that names no source of its own, and no one is asked for a picture', async () => {
    // Its bridge channel is a data channel.
    const other = await startParley({ HUB_AS: 'jicofo+no-jvb', KIOSK: 'on' });
    try {
      const { id } = await createParleyClient({ url: other.url }).meeting.create();
      const pages = await Promise.all(
        ['Ana', 'Bo', 'Cleo'].map((name) => vijoin(autojoinLink(other.url, id, { name, mic: '1' }))),
      );
      const ids = await Promise.all(pages.map(idOf));
      for (const [at, page] of pages.entries()) {
        await areHeard(page, ids.toSpliced(at, 1));
        expect((await voiceOf(page)).heard).toHaveLength(2);
        const poses = async () =>
          (await readStats(page)).stats.participants.map(({ posesReceived }) => posesReceived > 0);
        await expect.poll(poses).toEqual([true, true]);
        const asked = await mediaAskedBy(page);
        expect(asked.length).toBeGreaterThan(0);
        expect(asked.filter(({ video }) => video)).toEqual([]);
      }
      const [ana, bo] = pages as [Page, Page];
      const boId = ids[1]!;

      await bo.keyboard.press('m');
      await isSilent(ana, boId);
      expect((await voiceOf(bo)).isMuted).toBe(true);
      const row = await openPeople(ana, 'Bo');
      await row.getByText('Muted').waitFor({ state: 'attached' });

      await bo.keyboard.down('Space');
      await isHeard(ana, boId);
      await bo.keyboard.up('Space');
      await isSilent(ana, boId);

      await bo.getByRole('button', { name: 'Unmute' }).focus();
      await bo.keyboard.press('Enter');
      await isHeard(ana, boId);
      await row.getByText('Muted').waitFor({ state: 'detached' });

      expect(
        visitors.flatMap(({ foreignRequests }) => foreignRequests.filter((url) => !url.startsWith(other.url))),
      ).toEqual([]);
    } finally {
      await other.stop();
    }
  });

  it('a link to a site that is no kiosk opens no device: a press in the page does, and not before', async () => {
    const url = inject('parleyUrl');
    const { id } = await createParleyClient({ url }).meeting.create();
    const link = autojoinLink(url, id, { name: 'Ana', mic: '1', camera: '1' });
    // Nor do parameters that name the setting.
    const page = await vijoin(`${link}&KIOSK=on&kiosk=1&opensDevices=true`);
    await page.getByRole('button', { name: 'Turn on your camera' }).waitFor();
    const offer = page.getByRole('button', { name: 'Turn on your microphone' });
    await offer.waitFor();
    // Long enough for a page that asked by itself to have asked.
    await page.waitForTimeout(2_000);
    expect(await mediaAskedBy(page)).toEqual([]);
    expect((await voiceOf(page)).microphone).toBe('off');
    await offer.click();
    await expect.poll(async () => (await voiceOf(page)).microphone).toBe('live');
    expect((await mediaAskedBy(page)).filter(({ video }) => video)).toEqual([]);
    await offer.waitFor({ state: 'detached' });
  });

  describe('beside a participant who speaks', () => {
    let speaker: Visitor;
    let speakersMeeting: string;

    beforeAll(async () => {
      speakersMeeting = (await client.meeting.create()).id;
      speaker = await visit();
      await speaker.page.goto(autojoinLink(serverUrl, speakersMeeting, { name: 'Ana', mic: '1' }));
      await waitUntilLive(speaker.page);
    });

    afterAll(() => speaker?.context.close());

    it('a participant without permission or microphone joins, is told so, and hears the others', async () => {
      const bo = await vijoin(autojoinLink(serverUrl, speakersMeeting, { name: 'Bo', mic: '1' }), bare);
      await expect.poll(async () => (await voiceOf(bo)).microphone).toMatch(/denied|missing/);
      await bo.getByRole('button', { name: /^(Microphone blocked|No microphone)/ }).waitFor({ state: 'attached' });
      // This browser plays no sound before a press.
      await bo.mouse.click(320, 200);
      await isHeard(bo, await idOf(speaker.page));
      expect((await readStats(bo)).stats.connection).toBe('live');
      const row = await openPeople(speaker.page, 'Bo');
      await row.getByText('Muted').waitFor({ state: 'attached' });
    });

    it('a spectator hears everyone after one click, and is asked for nothing', async () => {
      const watcher = await open(`${serverUrl}/m/${speakersMeeting}/watch`, bare);
      await waitForButtonUntouched(watcher, 'Click to hear the others');
      await watcher.getByRole('button', { name: 'Click to hear the others' }).click();
      await isHeard(watcher, await idOf(speaker.page));
      await watcher.getByRole('button', { name: 'Click to hear the others' }).waitFor({ state: 'detached' });
      expect((await voiceOf(watcher)).microphone).toBe('off');
      expect(await watcher.getByRole('button', { name: /microphone|mute|share/i }).count()).toBe(0);
      expect([...faultsOf(speaker.problems), ...speaker.foreignRequests]).toEqual([]);
    });
  });

  it('the microphone tried out in the lobby is used in the meeting, muted as chosen, and again after a reload', async () => {
    const visitor = await openVisitor(browser, serverUrl, { viewport: { width: 900, height: 900 } });
    visitors.push(visitor);
    const { page } = visitor;
    await page.goto(`${serverUrl}/m/${meetingId}`);
    await page.getByLabel('Your name').fill('Ana');
    await page.getByRole('button', { name: 'Use microphone' }).click();
    await page.getByRole('combobox', { name: 'Which microphone' }).waitFor();
    await page.getByText('Muted', { exact: true }).click();
    await page.getByRole('button', { name: 'Join' }).click();
    await waitUntilLive(page);
    await expect.poll(async () => (await voiceOf(page)).microphone).toBe('live');
    expect((await voiceOf(page)).isMuted).toBe(true);
    expect(visitor.problems).toEqual([]);
    // Errors of a page that goes in the middle of its negotiation do not count for the next one.
    page.once('framenavigated', () => visitor.problems.splice(0));
    await page.reload();
    // Allowed once, it opens by itself, muted as before.
    await expect.poll(() => page.getByRole('radio', { name: 'Muted' }).isChecked()).toBe(true);
    expect(visitor.problems).toEqual([]);
  });

  it('people on a network that lets no voices through are told once, others see it, and poses go on over the same channel', async () => {
    const { ana, bo, channel } = blocked;
    const mediaOf = async (page: Page) => (await voiceOf(page)).media;

    await ana.getByText(NOTICE).waitFor({ timeout: 60_000 });
    expect(await ana.getByText(NOTICE).textContent()).toMatch(/UDP port \d+/);
    await expect.poll(() => mediaOf(ana)).toBe('blocked');
    await expect.poll(() => mediaOf(bo)).toBe('through');
    // The browser without 3D lists people by name.
    const rowOf = (page: Page, name: string) => page.getByRole('listitem').filter({ hasText: name }).first();
    for (const page of [ana, bo]) await rowOf(page, 'Ana').getByText('No voice comes through').waitFor();
    expect(await rowOf(ana, 'Bo').getByText('No voice comes through').count()).toBe(0);

    const [toldMsAgo = 0] = await noticesMsAgo(ana);
    await ana.waitForTimeout(Math.max(0, WATCHED_MS - toldMsAgo));
    expect(await noticesMsAgo(ana)).toHaveLength(1);
    expect((await readStats(ana)).stats.connection).toBe('live');
    expect(channel).toEqual({ opened: 1, closed: 0 });
    for (const [page, name] of [
      [ana, 'Bo'],
      [bo, 'Ana'],
    ] as const) {
      const { stats } = await readStats(page);
      const received = stats.participants.find((person) => person.name === name)?.posesReceived ?? 0;
      await waitUntilReceived(page, name, received + 5);
    }
  });
});
