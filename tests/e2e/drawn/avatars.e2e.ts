import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { createParleyClient, type ParleyClient } from '@/lib/api';
import { makeAvatar } from '@/tests/lib/avatarFile/madeAvatar';
import { chromiumPath, Visitors } from '../support/browser';
import { autojoinLink, readStatsAsDrawn, waitUntilDrawn, waitUntilLive } from '../support/parleyPage';
import { pressInDock } from '../support/pressInDock';
import { connectChromium } from '../support/sharedChromium';

const WINDOW = { width: 480, height: 400 };
const LOBBY_WINDOW = { width: 900, height: 700 };

/** The shares of clear blue (hue 205 to 245 degrees) and of black pixels in a page, or in a part of it, as it is now. */
async function shares(place: Page | Locator): Promise<{ blue: number; black: number }> {
  const png = (await place.screenshot()).toString('base64');
  const page = 'page' in place ? place.page() : place;
  return page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const context = new OffscreenCanvas(image.width, image.height).getContext('2d')!;
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, image.width, image.height);
    let blue = 0;
    let black = 0;
    for (let at = 0; at < data.length; at += 4) {
      const [r, g, b] = [data[at]!, data[at + 1]!, data[at + 2]!];
      const [least, most] = [Math.min(r, g, b), Math.max(r, g, b)];
      const hueDeg = most === b ? 240 + (60 * (r - g)) / (most - least || 1) : 0;
      if (most > 50 && most - least > 0.45 * most && hueDeg > 205 && hueDeg < 245) blue += 1;
      if (most === 0) black += 1;
    }
    return { blue: (blue * 4) / data.length, black: (black * 4) / data.length };
  }, png);
}

/** The file with pixels that no decoder takes; the header of its picture is as before. */
function withBrokenPixels(file: Uint8Array): Uint8Array<ArrayBuffer> {
  const broken = Uint8Array.from(file);
  const at = Buffer.from(file).indexOf('IDAT') + 4;
  broken.fill(0xff, at, at + 16);
  return broken;
}

describe.skipIf(!chromiumPath)('avatars on the pages of others', () => {
  const serverUrl = inject('parleyUrl');
  let browser: Browser;
  /** Does not draw: its pages are seen by others. */
  let still: Browser;
  let client: ParleyClient;
  let visitors: Visitors;
  let stillVisitors: Visitors;

  beforeAll(async () => {
    [browser, still] = await Promise.all([connectChromium('drawing'), connectChromium()]);
    visitors = new Visitors(browser, serverUrl);
    stillVisitors = new Visitors(still, serverUrl);
    client = createParleyClient({ url: serverUrl });
  });

  afterAll(() => Promise.all([browser?.close(), still?.close()]));

  afterEach(() => Promise.all([visitors.leave(), stillVisitors.leave()]));

  const visit = (url: string, viewport = WINDOW) => visitors.visit(url, viewport);

  const radio = (page: Page, group: string, name: string) =>
    page.getByRole('group', { name: group }).getByRole('radio', { name, exact: true });

  /** Joins as Dayo, in `clothes` chosen in the lobby. */
  async function joinAsDayo(page: Page, id: string, clothes: string): Promise<void> {
    await page.goto(`${serverUrl}/m/${id}?name=Dao`);
    await page.waitForFunction(() => 'parley' in globalThis);
    await page.getByRole('radio', { name: 'Dayo' }).check();
    await radio(page, 'Clothes', clothes).check();
    await page.getByRole('button', { name: 'Join' }).click();
    await waitUntilLive(page);
  }

  async function openAppearance(page: Page) {
    await pressInDock(page, 'More');
    await page.getByRole('button', { name: 'Avatar and name' }).click();
    return page.getByRole('dialog', { name: 'Avatar and name' });
  }

  it('new colours and a new name, chosen during the meeting, are drawn on the pages of others', async () => {
    const { id } = await client.meeting.create({ maxParticipants: 2 });
    const other = await visit(autojoinLink(serverUrl, id, { name: 'Cleo', avatar: 'cleo' }));
    const page = await visit(serverUrl);
    await joinAsDayo(page, id, 'Mustard');
    expect((await client.meeting.get({ id })).people.map(({ avatar }) => avatar)).toContain('dayo:clothes=mustard');
    await waitUntilDrawn(other, 'Dao');
    const before = await shares(other);
    const dialog = await openAppearance(page);
    await dialog.getByLabel('Your name').fill('Dao L.');
    await radio(page, 'Clothes', 'Cobalt').check();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
    await expect.poll(async () => (await shares(other)).blue).toBeGreaterThan(before.blue + 0.005);
    await waitUntilDrawn(other, 'Dao L.');
    // Live pictures cover the portraits of people in other colours, and no others.
    await openAppearance(page);
    await page.locator('label[data-drawn]', { hasText: 'Dayo' }).waitFor();
    expect((await shares(page.locator('label', { hasText: 'Ada' }))).black).toBeLessThan(0.1);
    // A reloaded page starts from the last appearance, not from the first.
    await page.goto(`${serverUrl}/m/${id}`);
    await expect.poll(() => page.getByLabel('Your name').inputValue()).toBe('Dao L.');
    await expect.poll(() => radio(page, 'Clothes', 'Cobalt').isChecked()).toBe(true);
  });

  it('custom avatars of every kind are loaded by others, one of them chosen and uploaded in the lobby', async () => {
    const { id } = await client.meeting.create({});
    const beats: NodeJS.Timeout[] = [];
    for (const kind of ['vrm0', 'mixamo'] as const) {
      const { stayToken } = await client.meeting.join({ id, role: 'participant', name: kind });
      const stay = { id, stayToken };
      beats.push(setInterval(() => void client.meeting.heartbeat(stay), 3_000));
      const { avatar } = await client.avatar.upload(makeAvatar({ kind, textures: [64, 32] }), { stay });
      await client.meeting.change({ ...stay, avatar });
    }
    const other = await visit(`${serverUrl}/m/${id}?name=Otto`);
    const loads: number[] = [];
    const warnings: string[] = [];
    other.on('pageerror', (error) => warnings.push(String(error)));
    // A scene that can't read an avatar says so and shows a stand-in.
    other.on('console', (message) => {
      if (message.text().includes('an avatar could not be loaded')) warnings.push(message.text());
    });
    other.on('response', (answer) => {
      if (answer.url().includes('/avatars/')) loads.push(answer.status());
    });
    await other.getByRole('button', { name: 'Join' }).click();
    await waitUntilLive(other);

    const page = await stillVisitors.visit(`${serverUrl}/m/${id}?name=Ana`, LOBBY_WINDOW);
    await page.getByText('Your own', { exact: true }).click();
    await page.locator('input[type=file][accept*=".vrm"]').setInputFiles({
      name: 'me.vrm',
      mimeType: 'model/gltf-binary',
      buffer: Buffer.from(makeAvatar({ kind: 'vrm1', textures: [64, 32] })),
    });
    await page.getByText('You are wearing it').waitFor();
    await page.getByRole('button', { name: 'Join' }).click();
    await waitUntilLive(page);
    await waitUntilDrawn(other, 'Ana');
    await expect.poll(() => loads).toEqual([200, 200, 200]);
    for (const beat of beats) clearInterval(beat);
    expect(warnings).toEqual([]);
  });

  it('an avatar whose pixels are broken leaves its wearer in the stand-in, and the page goes on', async () => {
    const { id } = await client.meeting.create({});
    const { stayToken } = await client.meeting.join({ id, role: 'participant', name: 'Broken' });
    const stay = { id, stayToken };
    const { avatar } = await client.avatar.upload(withBrokenPixels(makeAvatar({ kind: 'vrm1', textures: [64] })), {
      stay,
    });
    await client.meeting.change({ ...stay, avatar });
    const beats = setInterval(() => void client.meeting.heartbeat(stay), 3_000);
    const page = await visit(`${serverUrl}/m/${id}?name=Otto`);
    const failures: string[] = [];
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('console', (message) => {
      if (message.text().includes('an avatar could not be loaded')) failures.push(message.text());
    });
    await page.getByRole('button', { name: 'Join' }).click();
    await waitUntilLive(page);
    await expect.poll(() => failures.length).toBe(1);
    clearInterval(beats);
    const { stats } = await readStatsAsDrawn(page);
    expect(stats.participants.map(({ name }) => name)).toEqual(['Broken']);
    expect(stats.connection).toBe('live');
    expect(errors).toEqual([]);
  });
});
