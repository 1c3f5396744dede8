import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { createParleyClient, type ParleyClient } from '@/lib/api';
import { chromiumPath, openVisitor, Visitors } from './support/browser';
import { autojoinLink, readStats, waitUntilLive, waitUntilReceived } from './support/parleyPage';
import { OPS_TOKEN } from './support/parleyServer';
import { pressInDock } from './support/pressInDock';
import { connectChromium } from './support/sharedChromium';

const DESKTOP = { width: 900, height: 600 };
const PHONE = { width: 390, height: 844 };

/** What takes a whole site to prove, in a browser without WebGL. Each component's part is in `tests/app/_components`. */
describe.skipIf(!chromiumPath)('the pages', () => {
  const serverUrl = inject('parleyUrl');
  let browser: Browser;
  let client: ParleyClient;
  let visitors: Visitors;

  beforeAll(async () => {
    browser = await connectChromium();
    visitors = new Visitors(browser, serverUrl);
    client = createParleyClient({ url: serverUrl });
  });

  afterAll(() => browser?.close());

  afterEach(() => visitors.leave());

  const visit = (url: string, viewport = DESKTOP) => visitors.visit(url, viewport);

  const idOf = (page: Page) => new URL(page.url()).pathname.split('/')[2]!;
  const seated = async (id: string) => (await client.meeting.get({ id })).people.map(({ name }) => name).sort();

  it('a host creates a meeting, invites, meets a guest who leaves and comes back, and ends it for all', async () => {
    const host = await visit(serverUrl);
    await host.getByRole('button', { name: 'New meeting' }).click();
    await host.waitForURL('**/m/*');
    await host.getByRole('textbox', { name: 'Your name' }).fill('Hannah');
    await host.getByRole('radio', { name: 'Cleo' }).check();
    await host.getByRole('button', { name: 'Join' }).click();
    await waitUntilLive(host);

    const guest = await visit(serverUrl);
    await guest.getByRole('textbox', { name: 'Link or code' }).fill(host.url());
    await guest.getByRole('button', { name: 'Open meeting' }).click();
    await guest.getByText('Hannah').first().waitFor();
    await guest.getByRole('textbox', { name: 'Your name' }).fill('<b>Gustav</b>');
    await guest.keyboard.press('Enter');
    await waitUntilLive(guest);
    await waitUntilReceived(host, '<b>Gustav</b>');

    await pressInDock(host, 'People');
    const people = host.getByRole('complementary', { name: 'People' });
    expect(await people.getByRole('listitem').count()).toBe(2);
    expect(await people.getByText('<b>Gustav</b>').count()).toBe(1);

    await pressInDock(guest, 'Leave');
    await expect.poll(() => seated(idOf(host))).toEqual(['Hannah']);
    await guest.getByRole('button', { name: 'Sit down again' }).click();
    await expect.poll(() => seated(idOf(host))).toEqual(['<b>Gustav</b>', 'Hannah']);
    await waitUntilLive(guest);

    await pressInDock(host, 'More');
    await host.getByRole('button', { name: 'End for all' }).click();
    await host.getByRole('dialog').getByRole('button', { name: /^End/ }).click();
    await guest.getByRole('heading', { name: /ended/ }).waitFor();
    await host.getByRole('heading', { name: /ended/ }).waitFor();
    expect((await client.meeting.get({ id: idOf(host) })).endedAt).not.toBeNull();
  });

  it('an operator sees who is in a meeting, and puts somebody out, whose page says so', async () => {
    const { id } = await client.meeting.create({ title: 'Overseen' });
    const [guest, ops] = [
      await visit(autojoinLink(serverUrl, id, { name: 'Gustav' })),
      await visit(`${serverUrl}/ops`),
    ];
    await ops.getByLabel('Operators’ token').fill(OPS_TOKEN);
    await ops.keyboard.press('Enter');
    await ops.getByText('Ready', { exact: true }).waitFor();
    expect(ops.url()).toBe(`${serverUrl}/ops`);
    await expect.poll(() => ops.locator('figure canvas').count()).toBe(10);
    await waitUntilLive(guest);
    await ops.reload();
    await ops.getByRole('article', { name: 'Overseen' }).getByRole('button', { name: 'Put Gustav out' }).click();
    await ops.getByRole('dialog').getByRole('button', { name: 'Put out' }).click();
    await ops.getByText('Gustav is out of the meeting.').waitFor();
    await guest.getByRole('heading', { name: /not allowed into this meeting/ }).waitFor();
    expect(await seated(id)).toEqual([]);
  });

  describe('of one participant, whose name is a script', () => {
    const name = '"><img src=x onerror="document.title=1">';
    let meetingId: string;
    let page: Page;

    beforeAll(async () => {
      meetingId = (await client.meeting.create({})).id;
      page = (await openVisitor(browser, serverUrl, { viewport: DESKTOP })).page;
      await page.goto(autojoinLink(serverUrl, meetingId, { name }));
      await waitUntilLive(page);
    });

    afterAll(() => page?.context().close());

    it('a browser without WebGL shows the people of the meeting by name', async () => {
      await page.getByRole('list', { name: 'People' }).getByText('<img src=x').waitFor();
    });

    it('a spectator reaches others only as a count', async () => {
      const spectator = await visit(`${serverUrl}/m/${meetingId}/watch`);
      await waitUntilLive(spectator);
      await expect.poll(async () => (await readStats(page)).stats.spectators).toBe(1);
      expect((await readStats(page)).stats.participants).toEqual([]);
    });

    it('a link can’t run a script', async () => {
      await pressInDock(page, 'People');
      await page.getByRole('complementary', { name: 'People' }).getByText('<img src=x').waitFor();
      expect(await page.title()).not.toBe('1');
    });
  });

  it('a page that can’t load the Jitsi library says that the meeting is out of reach, and tries again when asked', async () => {
    const { id } = await client.meeting.create({});
    const page = await visit(serverUrl);
    await page.route('**/libs/lib-jitsi-meet.min.js', (route) => route.abort());
    await page.goto(autojoinLink(serverUrl, id, { name: 'Nina' }));
    await expect.poll(async () => (await readStats(page)).stats.reason).toBe('jitsiUnreachable');
    await page.unroute('**/libs/lib-jitsi-meet.min.js');
    await page.getByRole('button', { name: 'Try again' }).click();
    await waitUntilLive(page);
  });

  it.each([
    ['a meeting that is not there', '/m/not-there-at-all', /no meeting/i],
    ['an address that leads nowhere', '/nowhere', /^Page not found/],
  ])('%s is answered with one sentence and one way on', async (_what, path, sentence) => {
    const page = await visit(serverUrl + path, PHONE);
    await page.getByRole('heading', { name: sentence }).waitFor();
    expect(await page.locator('main').getByRole('button').or(page.locator('main').getByRole('link')).count()).toBe(1);
  });
});

it.each([
  ['the browser’s language', { 'accept-language': 'zh-CN,zh;q=0.9' }, 'zh-Hans', '发起会议'],
  ['the chosen language', { 'accept-language': 'zh-CN', cookie: 'parley-language=en' }, 'en', 'New meeting'],
])('the server renders pages in %s', async (_what, headers, language, button) => {
  const page = await (await fetch(inject('parleyUrl'), { headers })).text();
  expect(page).toContain(`<html lang="${language}"`);
  expect(page).toContain(button);
});
