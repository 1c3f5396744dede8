import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { createParleyClient, type ParleyClient } from '@/lib/api';
import { chromiumPath, launchChromium, openVisitor, type Visitor } from './support/browser';
import { autojoinLink, readStats, waitUntilDrawn, waitUntilLive } from './support/parleyPage';
import { pressInDock } from './support/pressInDock';

const DESKTOP = { width: 900, height: 600 };
const PHONE = { width: 390, height: 844 };
/** The narrowest that pages must do with (WCAG 2.1, 1.4.10). */
const NARROW = { width: 320, height: 640 };

describe.skipIf(!chromiumPath)('the pages, as a person uses them', () => {
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

  async function visit(path: string, options: Parameters<typeof openVisitor>[2] = {}): Promise<Page> {
    const visitor = await openVisitor(browser, serverUrl, { viewport: DESKTOP, ...options });
    visitors.push(visitor);
    await visitor.page.goto(serverUrl + path);
    return visitor.page;
  }

  const idOf = (page: Page) => new URL(page.url()).pathname.split('/')[2]!;

  it('creates a meeting, invites, meets, and ends it for all', async () => {
    const host = await visit('/');
    await host.getByRole('button', { name: 'New meeting' }).click();
    await host.waitForURL('**/m/*');
    await host.getByRole('textbox', { name: 'Your name' }).fill('Hannah');
    await host.getByRole('radio', { name: 'Cleo' }).check();
    await host.getByRole('button', { name: 'Join' }).click();
    await waitUntilLive(host);

    const guest = await visit('/');
    await guest.getByRole('textbox', { name: 'Link or code' }).fill(host.url());
    await guest.getByRole('button', { name: 'Open meeting' }).click();
    await guest.getByText('Hannah').first().waitFor();
    await guest.getByRole('textbox', { name: 'Your name' }).fill('<b>Gustav</b>');
    await guest.keyboard.press('Enter');
    await waitUntilLive(guest);
    await waitUntilDrawn(host, '<b>Gustav</b>');

    await pressInDock(host, 'People');
    const people = host.getByRole('complementary', { name: 'People' });
    expect(await people.getByRole('listitem').count()).toBe(2);
    expect(await people.getByText('<b>Gustav</b>').count()).toBe(1);

    await pressInDock(host, 'More');
    await host.getByRole('button', { name: 'End for all' }).click();
    await host.getByRole('dialog').getByRole('button', { name: /^End/ }).click();
    await guest.getByRole('heading', { name: /ended/ }).waitFor();
    await host.getByRole('heading', { name: /ended/ }).waitFor();
    expect((await client.meeting.get({ id: idOf(host) })).endedAt).not.toBeNull();
  });

  it('remembers what was chosen in the lobby', async () => {
    const { id } = await client.meeting.create({});
    const page = await visit(`/m/${id}`);
    await page.getByRole('textbox', { name: 'Your name' }).fill('Dao');
    await page.getByRole('radio', { name: 'Dayo' }).check();
    await page.getByRole('button', { name: 'Join' }).click();
    await waitUntilLive(page);
    const other = await client.meeting.create({});
    await page.goto(`${serverUrl}/m/${other.id}`);
    await expect.poll(() => page.getByRole('textbox', { name: 'Your name' }).inputValue()).toBe('Dao');
    expect(await page.getByRole('radio', { name: 'Dayo' }).isChecked()).toBe(true);
  });

  it('says which line of a motion file it cannot read', async () => {
    const { id } = await client.meeting.create({});
    const page = await visit(`/m/${id}`);
    await page.waitForFunction(() => 'parley' in globalThis);
    await page.getByRole('radio', { name: 'Motion file' }).check();
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'odd.bvh', mimeType: 'text/plain', buffer: Buffer.from('HIERARCHY\nROOT hips\n(\n') });
    await page
      .getByRole('alert')
      .filter({ hasText: /line 3/i })
      .waitFor();
  });

  it('leaves, and comes back from the screen after it', async () => {
    const { id } = await client.meeting.create({});
    const page = await visit(`/m/${id}?name=Lea&autojoin=1`);
    await waitUntilLive(page);
    await pressInDock(page, 'Leave');
    await expect.poll(async () => (await client.meeting.get({ id })).people.length).toBe(0);
    await page
      .getByRole('button')
      .filter({ hasText: /again|back/i })
      .first()
      .click();
    await expect.poll(async () => (await client.meeting.get({ id })).people.length).toBe(1);
  });

  it('speaks Chinese to a Chinese browser, and English when asked', async () => {
    const page = await visit('/', { locale: 'zh-CN', viewport: PHONE });
    expect(await page.locator('html').getAttribute('lang')).toMatch(/^zh/);
    await page.getByRole('button', { name: '发起会议' }).waitFor();
    await page.getByRole('button', { name: /^English/ }).click();
    await page.getByRole('button', { name: 'New meeting' }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'New meeting' }).waitFor();
  });

  it('keeps the controls within a narrow window, and has in the menu what the dock leaves out', async () => {
    const { id } = await client.meeting.create({});
    const page = await visit(`/m/${id}?name=Nell&autojoin=1`, { viewport: NARROW });
    await waitUntilLive(page);
    const controls = page.getByRole('toolbar').getByRole('button');
    await page.getByRole('toolbar').getByRole('button', { name: 'Leave' }).waitFor({ state: 'attached' });
    const spans = await controls.evaluateAll((buttons) =>
      buttons.map((button) => button.getBoundingClientRect()).map(({ left, right }) => ({ left, right })),
    );
    expect(spans.length).toBeGreaterThan(3);
    for (const { left, right } of spans) {
      expect(left).toBeGreaterThanOrEqual(0);
      expect(right).toBeLessThanOrEqual(NARROW.width);
    }
    await pressInDock(page, 'More');
    const menu = page.getByRole('list', { name: 'More' });
    const light = menu.getByRole('button', { name: /^Light/ });
    const before = await light.textContent();
    await light.click();
    await expect.poll(() => light.textContent()).not.toBe(before);
    await menu.getByRole('button', { name: 'Hide myself' }).click();
    await menu.getByRole('button', { name: 'Show myself' }).waitFor();
  });

  it('shows a spectator to others only as a count', async () => {
    const { id } = await client.meeting.create({});
    const seated = await visit(`/m/${id}?name=Sam&autojoin=1`);
    await waitUntilLive(seated);
    const watcher = await visit(`/m/${id}/watch`);
    await waitUntilLive(watcher);
    await expect.poll(async () => (await readStats(seated)).stats.spectators).toBe(1);
    expect((await readStats(seated)).stats.participants).toEqual([]);
    expect(
      await seated
        .getByText('1 watching')
        .or(seated.getByLabel(/1 (person )?watching/))
        .count(),
    ).toBeGreaterThan(0);
  });

  it('says that Jitsi is out of reach, and tries again when asked', async () => {
    const { id } = await client.meeting.create({});
    const visitor = await openVisitor(browser, serverUrl);
    visitors.push(visitor);
    await visitor.page.route('**/libs/lib-jitsi-meet.min.js', (route) => route.abort());
    await visitor.page.goto(autojoinLink(serverUrl, id, { name: 'Nina' }));
    await expect.poll(async () => (await readStats(visitor.page)).stats.reason).toBe('jitsiUnreachable');
    await visitor.page.unroute('**/libs/lib-jitsi-meet.min.js');
    await visitor.page.getByRole('button', { name: /again/i }).click();
    await waitUntilLive(visitor.page);
  });

  it('keeps one in the meeting where the browser cannot draw', async () => {
    const { id } = await client.meeting.create({});
    const flat = await chromium.launch({
      executablePath: chromiumPath!,
      args: ['--no-sandbox', '--disable-quic', '--disable-3d-apis', '--disable-background-networking'],
    });
    try {
      const page = await flat.newPage();
      await page.goto(autojoinLink(serverUrl, id, { name: 'Noa' }));
      await waitUntilLive(page);
      await page.getByRole('list', { name: 'People' }).getByText('Noa').waitFor();
    } finally {
      await flat.close();
    }
  });

  it.each([
    ['a meeting that is not there', '/m/not-there-at-all', /no meeting/i],
    ['an address that leads nowhere', '/nowhere', /mistyped/i],
  ])('answers %s with one sentence and one way on', async (_what, path, sentence) => {
    const page = await visit(path, { viewport: PHONE });
    await page.getByRole('heading', { name: sentence }).waitFor();
    expect(await page.locator('main').getByRole('button').or(page.locator('main').getByRole('link')).count()).toBe(1);
  });

  it('lets nobody run a script from a link', async () => {
    const { id } = await client.meeting.create({});
    const page = await visit(
      `/m/${id}?name=${encodeURIComponent('"><img src=x onerror="document.title=1">')}&autojoin=1`,
    );
    await waitUntilLive(page);
    await pressInDock(page, 'People');
    await page.getByRole('complementary', { name: 'People' }).getByText('<img src=x').waitFor();
    expect(await page.title()).not.toBe('1');
  });
});
