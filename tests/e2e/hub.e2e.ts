import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ChannelKind } from '@/server/hub/bridgeAllocator';
import type { HubOptions } from '@/server/hub/hub';
import { LOOPBACK_MEDIA, startTestHub, type TestHub } from '@/tests/server/hub/testHub';
import { ManualClock } from '@/tests/support/manualClock';
import { chromiumPath } from './support/browser';
import { call, serveClientPage } from './support/hubPage';
import { connectChromium } from './support/sharedChromium';

/** What the bridge channel runs over. The messages are the same on each. */
const CHANNELS = ['websocket', 'datachannel'] as const satisfies readonly ChannelKind[];

/** How long nothing may change: more than two rounds of the client's own pings. */
const HEALTHY_MS = 25_000;

/** Names of events that mean trouble. */
const TROUBLE = /fail|interrupt|lost|error|kicked|disconnect/i;

let browser: Browser;
/** One for all pages: another would load and compile the library again. */
let context: BrowserContext;
/** Serves the pages, whose clients join the hubs of the tests. */
let site: TestHub;
/** Tests share pages: compiling the library takes a second for each. */
const pages: Page[] = [];
let pagesUsed: number;
let ownPages: Page[];
let world: TestHub;
const pageErrors: string[] = [];

if (!chromiumPath) console.warn('No Chromium found (set CHROMIUM_PATH): the hub is not tested with lib-jitsi-meet.');

const start = async (options: Partial<HubOptions> = {}, over: { port?: number } = {}) => {
  world = await startTestHub(options, over);
};

/** Restarts the hub if its bridge channel should run over something else. */
async function useChannel(bridgeChannel: ChannelKind): Promise<void> {
  if (bridgeChannel === 'websocket') return;
  await world.close();
  await start({ bridgeChannel, media: LOOPBACK_MEDIA });
}

async function createPage(): Promise<Page> {
  const page = await context.newPage();
  page.on('pageerror', (error) => pageErrors.push(error.message));
  await page.goto(`http://localhost:${site.port}/`);
  return page;
}

/** The next page of this test, of those that tests share. */
async function openPage(): Promise<Page> {
  const page = pages[pagesUsed] ?? (await createPage());
  pages[pagesUsed] = page;
  pagesUsed += 1;
  return page;
}

/** A page of this test alone. */
async function openOwnPage(): Promise<Page> {
  const page = await createPage();
  ownPages.push(page);
  return page;
}

const join = (page: Page, key: string, token = world.tokens.issue(key)) =>
  call(page, 'join', key, world.port, token, true);

const namesOf = async (page: Page, key: string) => (await call(page, 'heard', key)).map(([name]) => name);

const countOf = async (page: Page, key: string, name: string) =>
  (await namesOf(page, key)).filter((heard) => heard === name).length;

const eventually = <T>(value: () => T | Promise<T>) => expect.poll(value);

/** Cuts the TCP connections of a path. */
function cut(path: string): void {
  for (const { url, socket } of world.upgrades) if (url.startsWith(path)) socket.destroy();
}

/** A meeting that is left alone while the other tests run. */
interface StillMeeting {
  readonly world: TestHub;
  readonly people: readonly { readonly page: Page; readonly key: string }[];
  readonly upgrades: number;
  readonly sinceMs: number;
}

async function startStillMeeting(): Promise<StillMeeting> {
  const still = await startTestHub();
  const [a, b] = [await createPage(), await createPage()];
  const people = [
    { page: a, key: 'ann', role: 'participant' },
    { page: b, key: 'ben', role: 'participant' },
    { page: b, key: 'eve', role: 'spectator' },
  ] as const;
  for (const { page, key, role } of people) {
    await call(page, 'join', key, still.port, still.tokens.issue(key, { role }), true);
  }
  return { world: still, people, upgrades: still.upgrades.length, sinceMs: performance.now() };
}

describe.skipIf(!chromiumPath)('an unmodified lib-jitsi-meet in Chromium', () => {
  let still: StillMeeting;

  beforeAll(async () => {
    [browser, site] = await Promise.all([connectChromium(), startTestHub({}, { page: serveClientPage })]);
    context = await browser.newContext();
    still = await startStillMeeting();
  });

  afterAll(async () => {
    await browser?.close();
    await still?.world.close();
    await site?.close();
  });

  beforeEach(async () => {
    pagesUsed = 0;
    ownPages = [];
    await start();
  });

  afterEach(async () => {
    await Promise.all(ownPages.map((page) => page.close()));
    await Promise.all(pages.slice(0, pagesUsed).map((page) => call(page, 'leaveAll', world.port)));
    await world.close();
    expect(world.errors).toEqual([]);
    expect(pageErrors.splice(0)).toEqual([]);
  });

  it.each(CHANNELS)(
    'H-10 H-13 H-14 H-21 H-30 H-82 three pages join, know each other, and exchange messages over a %s',
    async (bridgeChannel) => {
      await useChannel(bridgeChannel);
      const [a, b, c] = [await openPage(), await openPage(), await openPage()];
      const ids = { ann: await join(a, 'ann'), ben: await join(b, 'ben'), cid: await join(c, 'cid') };
      const person = (key: 'ann' | 'ben' | 'cid') => ({
        id: ids[key],
        personId: key,
        name: `Name of ${key}`,
        group: 'participant',
        displayName: `Name of ${key}`,
      });
      const byName = (people: { displayName: string }[]) =>
        people.sort((x, y) => x.displayName.localeCompare(y.displayName));
      await eventually(async () => byName(await call(a, 'people', 'ann'))).toEqual([person('ben'), person('cid')]);
      await eventually(async () => byName(await call(b, 'people', 'ben'))).toEqual([person('ann'), person('cid')]);
      await eventually(async () => byName(await call(c, 'people', 'cid'))).toEqual([person('ann'), person('ben')]);
      expect(await call(a, 'send', 'ann', { to: 'all' }, '')).toBe('sent');
      expect(await call(b, 'send', 'ben', { to: 'cid' }, ids.cid)).toBe('sent');
      await expect
        .poll(() => call(c, 'received', 'cid'))
        .toEqual([
          { from: ids.ann, payload: { to: 'all' } },
          { from: ids.ben, payload: { to: 'cid' } },
        ]);
      await eventually(() => call(b, 'received', 'ben')).toEqual([{ from: ids.ann, payload: { to: 'all' } }]);
      expect(await call(a, 'received', 'ann')).toEqual([]);
    },
  );

  it.each(CHANNELS)('H-33 H-82 a spectator receives messages over a %s, but sends none', async (bridgeChannel) => {
    await useChannel(bridgeChannel);
    const page = await openPage();
    const annId = await join(page, 'ann');
    await join(page, 'eve', world.tokens.issue('eve', { role: 'spectator' }));
    await call(page, 'send', 'eve', { from: 'eve' }, '');
    await eventually(() => world.hub.stats().dropped.spectator).toBe(1);
    await call(page, 'send', 'ann', { from: 'ann' }, '');
    await eventually(() => call(page, 'received', 'eve')).toEqual([{ from: annId, payload: { from: 'ann' } }]);
    expect(await call(page, 'received', 'ann')).toEqual([]);
    expect(await call(page, 'people', 'ann')).toMatchObject([{ personId: 'eve', group: 'spectator' }]);
  });

  it('H-1 H-2 H-3 a refused token and a refused MUC room raise the library events that the application expects', async () => {
    const page = await openOwnPage();
    await expect(join(page, 'forged', 'made-up')).rejects.toThrow(
      'connection.passwordRequired The join token is not valid.',
    );
    const used = world.tokens.issue('ann');
    await join(page, 'ann', used);
    await call(page, 'leave', 'ann');
    // In another page, because the library reports the text of only every other refusal (its pattern keeps its index).
    const another = await openOwnPage();
    await expect(join(another, 'again', used)).rejects.toThrow(
      'connection.passwordRequired The join token has already been used.',
    );
    const elsewhere = world.tokens.issue('ben', { room: 'castle' });
    await expect(join(page, 'ben', elsewhere)).rejects.toThrow('conference.connectionError.notAllowed');
  });

  it('H-5 a client whose XMPP socket is cut resumes unnoticed, and messages go on', async () => {
    const [a, b] = [await openPage(), await openPage()];
    const annId = await join(a, 'ann');
    await join(b, 'ben');
    cut('/xmpp-websocket');
    await call(a, 'send', 'ann', { while: 'down' }, '');
    await eventually(() => call(b, 'received', 'ben')).toEqual([{ from: annId, payload: { while: 'down' } }]);
    for (const [page, key] of [
      [a, 'ann'],
      [b, 'ben'],
    ] as const) {
      await eventually(() => countOf(page, key, 'connection.connectionEstablished')).toBe(2);
      expect((await namesOf(page, key)).filter((name) => TROUBLE.test(name) || name === 'conference.userLeft')).toEqual(
        [],
      );
    }
    expect(world.hub.stats()).toMatchObject({ sessions: 2, rooms: 1, channels: 2 });
  });

  it('H-37 a bridge channel that is cut reconnects', async () => {
    const page = await openPage();
    const annId = await join(page, 'ann');
    await join(page, 'ben');
    cut('/colibri-ws/');
    await eventually(() => countOf(page, 'ann', 'conference.dataChannelOpened')).toBe(2);
    await eventually(() => countOf(page, 'ben', 'conference.dataChannelOpened')).toBe(2);
    await call(page, 'send', 'ann', { back: true }, '');
    await eventually(() => call(page, 'received', 'ben')).toEqual([{ from: annId, payload: { back: true } }]);
  });

  it.each(CHANNELS)(
    'H-30 H-36 H-82 sixteen clients get each other’s messages over a %s in order, but for those counted as dropped',
    async (bridgeChannel) => {
      await useChannel(bridgeChannel);
      const count = 10;
      const fourPages = [await openPage(), await openPage(), await openPage(), await openPage()];
      const clients = fourPages.flatMap((page, p) => [0, 1, 2, 3].map((i) => ({ page, key: `p${p}-${i}` })));
      await Promise.all(clients.map(({ page, key }) => join(page, key)));
      for (const { page, key } of clients)
        await eventually(async () => (await call(page, 'people', key)).length).toBe(15);
      await Promise.all(clients.map(({ page, key }) => call(page, 'sendSeries', key, count, 100)));
      const sendersIn = (got: readonly { from: string }[]) => new Set(got.map(({ from }) => from));
      const receivedByEach = () => Promise.all(clients.map(({ page, key }) => call(page, 'received', key)));
      // A browser on a busy machine reads late, and then is a slow receiver, of the hub's own events too.
      const dropped = () => world.hub.stats().dropped.slowReceiver + world.hub.stats().dropped.stale;
      const accounted = async () => (await receivedByEach()).flat().length + dropped();
      await eventually(accounted).toBeGreaterThanOrEqual(16 * 15 * count);
      for (const got of await receivedByEach()) {
        for (const sender of sendersIn(got)) {
          const numbers = got.filter(({ from }) => from === sender).map(({ payload }) => (payload as { n: number }).n);
          expect(numbers).toEqual([...new Set(numbers)].sort((x, y) => x - y));
        }
      }
      // A receiver that was busy for the whole of a series hears the sender's next message.
      const leastHeard = async () => {
        const heard = (await receivedByEach()).map((got) => sendersIn(got).size);
        if (Math.min(...heard) < 15) await Promise.all(clients.map(({ page, key }) => call(page, 'send', key, {}, '')));
        return Math.min(...heard);
      };
      await eventually(leastHeard).toBe(15);
    },
  );

  it('H-7 a second session of a person replaces the first, whose page is told', async () => {
    const [a, b] = [await openPage(), await openPage()];
    await join(a, 'ann');
    await join(b, 'older', world.tokens.issue('ben'));
    const newer = await join(b, 'newer', world.tokens.issue('ben'));
    await eventually(async () => (await call(a, 'people', 'ann')).map(({ id }) => id)).toEqual([newer]);
    expect((await namesOf(a, 'ann')).filter((name) => /user(Joined|Left)/.test(name))).toEqual([
      'conference.userJoined',
      'conference.userLeft',
      'conference.userJoined',
    ]);
    const kicked = (await call(b, 'heard', 'older')).find(([name]) => name === 'conference.kicked');
    expect(kicked).toEqual(['conference.kicked', 'undefined', 'replaced', '0']);
  });

  it('H-6 closed and reloaded tabs leave at once, without a resume window', async () => {
    await world.close();
    await start({ clock: new ManualClock() });
    const left: string[] = [];
    world.hub.events.on('occupantLeft', ({ personId }) => left.push(personId));
    const [a, b, c] = [await openPage(), await openOwnPage(), await openOwnPage()];
    await join(a, 'ann');
    await join(b, 'ben');
    await join(c, 'cid');
    await b.close();
    await eventually(() => left).toEqual(['ben']);
    await c.reload();
    await eventually(() => left).toEqual(['ben', 'cid']);
    await eventually(() => call(a, 'people', 'ann')).toEqual([]);
  });

  it('H-18 a kick and the end of a MUC room raise the library events that the application expects', async () => {
    const [a, b] = [await openPage(), await openPage()];
    await join(a, 'ann');
    await join(b, 'ben');
    world.hub.removePerson('tavern', 'ben');
    await expect
      .poll(async () => (await call(b, 'heard', 'ben')).find(([name]) => name === 'conference.kicked'))
      .toEqual(['conference.kicked', 'undefined', 'removed', '0']);
    await eventually(() => countOf(a, 'ann', 'conference.userLeft')).toBe(1);
    world.hub.endRoom('tavern');
    await expect
      .poll(async () => (await call(a, 'heard', 'ann')).find(([name]) => name === 'conference.failed'))
      .toEqual(['conference.failed', 'conference.destroyed', 'ended', 'undefined']);
  });

  it('H-19 after a restart a client reports its lost session and can join again', async () => {
    const page = await openPage();
    await join(page, 'ann');
    const { port } = world;
    await world.close();
    await start({}, { port });
    world.tokens.adopt('token-1', 'ann');
    const failure = async () =>
      (await call(page, 'heard', 'ann')).find(([name]) => name === 'connection.connectionFailed')?.slice(0, 3);
    await expect.poll(failure).toEqual(['connection.connectionFailed', 'connection.droppedError', 'item-not-found']);
    expect(await call(page, 'send', 'ann', {}, '')).toBe('Error: No opened channel');
    await call(page, 'leave', 'ann');
    await join(page, 'again', world.tokens.issue('ann'));
    expect(world.hub.stats()).toMatchObject({ rooms: 1, sessions: 1, channels: 1 });
  });

  it('H-21 with a minimum of two, the channel opens when the second client joins, and again after one was alone', async () => {
    await world.close();
    const clock = new ManualClock();
    await start({ minParticipants: 2, clock });
    const page = await openPage();
    await call(page, 'join', 'ann', world.port, world.tokens.issue('ann'), false);
    expect(await call(page, 'send', 'ann', {}, '')).toMatch(/^Error/);
    await join(page, 'ben');
    await eventually(() => call(page, 'send', 'ann', {}, '')).toBe('sent');
    await call(page, 'leave', 'ben');
    clock.advance(20_000);
    await eventually(() => world.hub.stats().channels).toBe(0);
    await join(page, 'cid');
    await eventually(() => call(page, 'send', 'ann', {}, '')).toBe('sent');
  });

  it('H-9 H-83 a meeting without candidates stays healthy: nothing reconnects, no participant is lost', async () => {
    const { people, upgrades, sinceMs } = still;
    await eventually(() => performance.now() - sinceMs).toBeGreaterThan(HEALTHY_MS);
    expect(still.world.upgrades).toHaveLength(upgrades);
    expect(still.world.upgrades.filter(({ socket }) => !socket.destroyed)).toHaveLength(upgrades);
    for (const { page, key } of people) {
      expect((await namesOf(page, key)).filter((name) => TROUBLE.test(name))).toEqual([]);
      expect(await call(page, 'send', key, { still: 'here' }, '')).toBe('sent');
      expect(await call(page, 'people', key)).toHaveLength(2);
    }
    expect(still.world.errors).toEqual([]);
  });
});
