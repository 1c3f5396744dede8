import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { createParleyClient, type ParleyClient } from '@/lib/api';
import { chromiumPath, launchChromium, openVisitor, type Visitor } from './support/browser';
import { autojoinLink, waitUntilDrawn, waitUntilLive } from './support/parleyPage';
import { pressInDock } from './support/pressInDock';

const WINDOW = { width: 480, height: 400 };

/** Of a page or a part of it as it looks now, the shares of pixels that are a clear blue (hue 205 to 245 degrees), and black. */
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

describe.skipIf(!chromiumPath)('the colours of an avatar', () => {
  const serverUrl = inject('parleyUrl');
  let browser: Browser;
  let client: ParleyClient;
  let visitors: Visitor[] = [];

  beforeAll(async () => {
    browser = await launchChromium();
    client = createParleyClient({ url: serverUrl });
  });

  afterAll(() => browser?.close());

  afterEach(async () => {
    await Promise.all(visitors.map(({ context }) => context.close()));
    visitors = [];
  });

  async function visit(url: string): Promise<Page> {
    const visitor = await openVisitor(browser, serverUrl, { viewport: WINDOW });
    visitors.push(visitor);
    await visitor.page.goto(url);
    return visitor.page;
  }

  const radio = (page: Page, group: string, name: string) =>
    page.getByRole('group', { name: group }).getByRole('radio', { name, exact: true });

  /** Sits down as Dayo, having chosen `clothes` in the lobby. */
  async function sitAsDayo(page: Page, id: string, clothes: string): Promise<void> {
    await page.goto(`${serverUrl}/m/${id}?name=Dao`);
    await page.waitForFunction(() => 'parley' in globalThis);
    await page.getByRole('radio', { name: 'Dayo' }).check();
    await radio(page, 'Clothes', clothes).check();
    await page.getByRole('button', { name: 'Join' }).click();
    await waitUntilLive(page);
  }

  /** Opens the dialog for one's name and avatar in the meeting. */
  async function openAppearance(page: Page) {
    await pressInDock(page, 'More');
    await page.getByRole('button', { name: 'Avatar and name' }).click();
    return page.getByRole('dialog', { name: 'Avatar and name' });
  }

  it('change while one sits, the name too, and are drawn on the pages of the others', async () => {
    const { id } = await client.meeting.create({ maxParticipants: 2 });
    const other = await visit(autojoinLink(serverUrl, id, { name: 'Cleo', avatar: 'cleo' }));
    const page = await visit(serverUrl);
    await sitAsDayo(page, id, 'Fern');
    await waitUntilDrawn(other, 'Dao');
    const plain = await shares(other);
    const dialog = await openAppearance(page);
    await dialog.getByLabel('Your name').fill('Dao L.');
    await radio(page, 'Clothes', 'Cobalt').check();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
    await expect.poll(async () => (await shares(other)).blue, { timeout: 30_000 }).toBeGreaterThan(plain.blue + 0.005);
    await waitUntilDrawn(other, 'Dao L.');
    // Live pictures lie over the portraits of those in other colours, and over nobody else's.
    await openAppearance(page);
    await page.locator('label[data-drawn]', { hasText: 'Dayo' }).waitFor();
    expect((await shares(page.locator('label', { hasText: 'Ada' }))).black).toBeLessThan(0.1);
    // Who reloads is as they were last, not as they came.
    await page.goto(`${serverUrl}/m/${id}`);
    await expect.poll(() => page.getByLabel('Your name').inputValue()).toBe('Dao L.');
    await expect.poll(() => radio(page, 'Clothes', 'Cobalt').isChecked()).toBe(true);
  });

  it('are as before where the change is called off or fails, which loses nothing of it', async () => {
    const { id } = await client.meeting.create({});
    const page = await visit(autojoinLink(serverUrl, id, { name: 'Dao', avatar: 'dayo' }));
    await waitUntilLive(page);
    const seated = async () => (await client.meeting.get({ id })).people[0];
    const calledOff = await openAppearance(page);
    await page.getByRole('radio', { name: 'Bo', exact: true }).check();
    await calledOff.getByRole('button', { name: 'Cancel' }).click();
    const dialog = await openAppearance(page);
    expect(await page.getByRole('radio', { name: 'Dayo' }).isChecked()).toBe(true);
    await dialog.getByLabel('Your name').fill(' ');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('Enter a name').waitFor();
    await dialog.getByLabel('Your name').fill('Bao');
    await page.getByRole('radio', { name: 'Bo', exact: true }).check();
    await page.route('**/meeting.change*', (route) => route.abort());
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('could not be changed').waitFor();
    expect(await seated()).toMatchObject({ name: 'Dao', avatar: 'dayo' });
    await page.unroute('**/meeting.change*');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await seated()).toMatchObject({ name: 'Bao', avatar: 'bo' });
  });

  it('travel in the meeting, and are remembered for each person one has been', async () => {
    const { id } = await client.meeting.create({});
    const page = await visit(serverUrl);
    await sitAsDayo(page, id, 'Mustard');
    expect((await client.meeting.get({ id })).people[0]?.avatar).toBe('dayo:clothes=mustard');
    const next = await client.meeting.create({});
    await page.goto(`${serverUrl}/m/${next.id}`);
    await page.waitForFunction(() => 'parley' in globalThis);
    await expect.poll(() => radio(page, 'Clothes', 'Mustard').isChecked()).toBe(true);
    await page.getByRole('radio', { name: 'Bo', exact: true }).check();
    await radio(page, 'Skin', 'Cocoa').check();
    await page.getByRole('radio', { name: 'Dayo' }).check();
    expect(await radio(page, 'Clothes', 'Mustard').isChecked()).toBe(true);
    await page.getByRole('button', { name: 'Back to Dayo’s colours' }).click();
    expect(await radio(page, 'Clothes', 'Fern').isChecked()).toBe(true);
    await page.getByRole('radio', { name: 'Bo', exact: true }).check();
    expect(await radio(page, 'Skin', 'Cocoa').isChecked()).toBe(true);
  });

  it('are chosen with the keyboard alone', async () => {
    const { id } = await client.meeting.create({});
    const page = await visit(`${serverUrl}/m/${id}?avatar=ada`);
    await page.waitForFunction(() => 'parley' in globalThis);
    await radio(page, 'Skin', 'Porcelain').focus();
    await page.keyboard.press('ArrowRight');
    expect(await radio(page, 'Skin', 'Rose').isChecked()).toBe(true);
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowLeft');
    expect(await radio(page, 'Hair', 'Auburn').isChecked()).toBe(true);
    await page.getByRole('button', { name: 'Surprise me' }).press('Enter');
    expect(await page.getByRole('radio', { name: 'Ada' }).isChecked()).toBe(false);
    await page
      .getByRole('status')
      .filter({ hasText: /skin .+, hair .+, clothes/ })
      .waitFor({ state: 'attached' });
  });
});
