import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { createParleyClient, type ParleyClient } from '@/lib/api';
import type { ParleyStats } from '@/lib/meeting/stats';
import { chromiumPath, FAKE_DEVICES, launchChromium, openVisitor, type Visitor } from './support/browser';
import { autojoinLink, readStats, waitUntilLive } from './support/parleyPage';
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

describe.skipIf(!chromiumPath)('voices in the browser', () => {
  /** Their links open the microphone, as in a kiosk: these tests are about what comes after. */
  let server: ParleyServer;
  let serverUrl: string;
  let browser: Browser;
  let bare: Browser;
  let client: ParleyClient;
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

  async function open(url: string, where = browser): Promise<Page> {
    const visitor = await openVisitor(where, serverUrl, { viewport: { width: 640, height: 400 } });
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

  const join = (name: string, mic: string, where?: Browser) =>
    vijoin(autojoinLink(serverUrl, meetingId, { name, mic }), where);

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

  it('T-74 three people hear each other and receive poses over a stock Jitsi that names no source of its own, and no one is asked for a picture', async () => {
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
        const poses = async () =>
          (await readStats(page)).stats.participants.map(({ posesReceived }) => posesReceived > 0);
        await expect.poll(poses).toEqual([true, true]);
        const asked = await mediaAskedBy(page);
        expect(asked.length).toBeGreaterThan(0);
        expect(asked.filter(({ video }) => video)).toEqual([]);
      }
      expect(
        visitors.flatMap(({ foreignRequests }) => foreignRequests.filter((url) => !url.startsWith(other.url))),
      ).toEqual([]);
    } finally {
      await other.stop();
    }
  });

  async function openPeople(page: Page, name: string) {
    await page.getByRole('button', { name: 'People' }).focus();
    await page.keyboard.press('Enter');
    const drawer = page.getByRole('complementary', { name: 'People' });
    return drawer.getByRole('listitem').filter({ hasText: name });
  }

  it('three people hear each other, mute, unmute and talk while a key is held', async () => {
    const pages = await Promise.all(['Ana', 'Bo', 'Cleo'].map((name) => join(name, '1')));
    const ids = await Promise.all(pages.map(idOf));
    for (const [at, page] of pages.entries()) {
      await areHeard(page, ids.toSpliced(at, 1));
      expect((await voiceOf(page)).heard).toHaveLength(2);
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

    for (const { problems, foreignRequests } of visitors) {
      expect(problems).toEqual([]);
      expect(foreignRequests).toEqual([]);
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

  it('a participant without permission or microphone joins, is told so, and hears the others', async () => {
    const ana = await join('Ana', '1');
    const bo = await join('Bo', '1', bare);
    await expect.poll(async () => (await voiceOf(bo)).microphone).toMatch(/denied|missing/);
    await bo.getByRole('button', { name: /^(Microphone blocked|No microphone)/ }).waitFor({ state: 'attached' });
    // This browser plays no sound before a press.
    await bo.mouse.click(320, 200);
    await isHeard(bo, await idOf(ana));
    expect((await readStats(bo)).stats.connection).toBe('live');
    const row = await openPeople(ana, 'Bo');
    await row.getByText('Muted').waitFor({ state: 'attached' });
  });

  it('a spectator hears everyone after one click, and is asked for nothing', async () => {
    const ana = await join('Ana', '1');
    const watcher = await open(`${serverUrl}/m/${meetingId}/watch`, bare);
    await waitForButtonUntouched(watcher, 'Click to hear the others');
    await watcher.getByRole('button', { name: 'Click to hear the others' }).click();
    await isHeard(watcher, await idOf(ana));
    await watcher.getByRole('button', { name: 'Click to hear the others' }).waitFor({ state: 'detached' });
    expect((await voiceOf(watcher)).microphone).toBe('off');
    expect(await watcher.getByRole('button', { name: /microphone|mute|share/i }).count()).toBe(0);
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
});
