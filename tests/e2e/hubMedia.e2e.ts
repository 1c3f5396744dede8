import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { MeetingRole } from '@/lib/core/meeting';
import type { ChannelKind } from '@/server/hub/bridgeAllocator';
import type { HubOptions } from '@/server/hub/hub';
import { LOOPBACK_MEDIA, startTestHub, type TestHub } from '@/tests/server/hub/testHub';
import { chromiumPath, FAKE_DEVICES, launchChromium } from './support/browser';
import { call, type Inbound, serveClientPage } from './support/hubPage';

/** Lets pages play voices without a click. */
const AUTOPLAY = '--autoplay-policy=no-user-gesture-required';

let browser: Browser;
/** One for all pages: another would load and compile the library again. */
let context: BrowserContext;
/** Serves the pages, whose clients join the hubs of the tests. */
let site: TestHub;
/** Tests share pages, one for each client: compiling the library takes a second for each. */
const pages: Page[] = [];
let world: TestHub;
let joined = 0;
const pageErrors: string[] = [];

async function start(options: Partial<HubOptions>): Promise<void> {
  world = await startTestHub({ media: LOOPBACK_MEDIA, ...options });
}

async function createPage(script = ''): Promise<Page> {
  const page = await context.newPage();
  await page.addInitScript(script);
  page.on('pageerror', (error) => pageErrors.push(error.message));
  await page.goto(`http://localhost:${site.port}/`);
  return page;
}

/** Joins in the next of the pages that tests share, or in `page`. */
async function join(
  key: string,
  { role = 'participant' as MeetingRole, awaitChannel = true, page: given = null as Page | null, to = world } = {},
) {
  const page = given ?? pages[joined] ?? (await createPage());
  if (!given) {
    pages[joined] = page;
    joined += 1;
  }
  const id = await call(page, 'join', key, to.port, to.tokens.issue(key, { role }), awaitChannel);
  return { page, key, id };
}

type Person = Awaited<ReturnType<typeof join>>;

const eventually = <T>(value: () => T | Promise<T>) => expect.poll(value);

/** What `hearer` receives from `sender`; null before anything has arrived. */
async function inboundFrom(hearer: Person, sender: Person, kind: Inbound['kind']): Promise<Inbound | null> {
  const all = await call(hearer.page, 'inbound', hearer.key);
  return all.find((entry) => entry.kind === kind && entry.from === sender.id && entry.packets > 0) ?? null;
}

async function energyFrom(hearer: Person, sender: Person): Promise<number> {
  return (await inboundFrom(hearer, sender, 'audio'))?.energy ?? 0;
}

/** Waits until the sound of `sender` grows at `hearer`. */
async function expectHeard(hearer: Person, sender: Person): Promise<void> {
  const before = await energyFrom(hearer, sender);
  await eventually(() => energyFrom(hearer, sender)).toBeGreaterThan(before + 1e-4);
}

async function expectData(from: Person, to: Person): Promise<void> {
  expect(await call(from.page, 'send', from.key, { hello: from.key }, '')).toBe('sent');
  await eventually(() => call(to.page, 'received', to.key)).toContainEqual({
    from: from.id,
    payload: { hello: from.key },
  });
}

/** Whether `hearer` receives no sound from `sender` for a moment. */
async function isSilent(hearer: Person, sender: Person): Promise<boolean> {
  const before = await energyFrom(hearer, sender);
  await hearer.page.waitForTimeout(500);
  return (await energyFrom(hearer, sender)) - before < 1e-6;
}

async function countOf({ page, key }: Person, event: string): Promise<number> {
  return (await call(page, 'heard', key)).filter(([name]) => name === event).length;
}

/** A meeting through whose media nothing comes. It takes the library half a minute to notice, in which the other tests run. */
interface BlockedMeeting {
  readonly world: TestHub;
  readonly ann: Person;
  readonly ben: Person;
}

async function startBlockedMeeting(): Promise<BlockedMeeting> {
  // Nothing answers at the announced address, and clients tell no loopback address, the only one the hub would try.
  const to = await startTestHub({ media: { ...LOOPBACK_MEDIA, announcedAddresses: ['192.0.2.1'] } });
  const ann = await join('ann', { page: await createPage(), to });
  const ben = await join('ben', { page: await createPage(), to });
  await call(ann.page, 'speak', ann.key);
  return { world: to, ann, ben };
}

describe.skipIf(!chromiumPath)('voices and screens of an unmodified lib-jitsi-meet in Chromium', () => {
  let blocked: BlockedMeeting;

  beforeAll(async () => {
    [browser, site] = await Promise.all([
      launchChromium([...FAKE_DEVICES, AUTOPLAY], 'withoutWebgl'),
      startTestHub({}, { page: serveClientPage }),
    ]);
    context = await browser.newContext();
    blocked = await startBlockedMeeting();
  });

  afterAll(async () => {
    await browser?.close();
    await blocked?.world.close();
    await site?.close();
  });

  afterEach(async () => {
    await Promise.all(pages.slice(0, joined).map((page) => call(page, 'leaveAll', world.port)));
    await world.close();
    joined = 0;
    expect(world.errors).toEqual([]);
    expect(pageErrors.splice(0)).toEqual([]);
  });

  for (const bridgeChannel of ['websocket', 'datachannel'] as const satisfies readonly ChannelKind[]) {
    it(`H-81 H-82 three clients hear each other and exchange messages, over a ${bridgeChannel}`, async () => {
      await start({ bridgeChannel });
      const people = [await join('ann'), await join('ben'), await join('cid')];
      for (const { page, key } of people) await call(page, 'speak', key);
      const pairs = people.flatMap((hearer) =>
        people.filter((other) => other !== hearer).map((s) => [hearer, s] as const),
      );
      for (const [hearer, sender] of pairs) await expectHeard(hearer, sender);
      for (const [hearer, sender] of pairs) expect((await inboundFrom(hearer, sender, 'audio'))?.lost).toBe(0);
      for (const [hearer, sender] of pairs.slice(0, 3)) await expectData(sender, hearer);
      expect(world.hub.stats()).toMatchObject({ channels: 3, media: { connected: 3 } });
    });

    it(`H-81 H-85 H-87 mutes, late joiners, a spectator, leaving and presence properties work, over a ${bridgeChannel}`, async () => {
      await start({ bridgeChannel });
      const ann = await join('ann');
      await call(ann.page, 'speak', ann.key);
      await call(ann.page, 'showProperty', ann.key, 'hidden', 'true');
      const ben = await join('ben');
      await expectHeard(ben, ann);
      await eventually(() => call(ben.page, 'propertyOf', ben.key, ann.id, 'hidden')).toBe('true');
      await call(ann.page, 'setMuted', ann.key, true);
      const eve = await join('eve', { role: 'spectator' });
      await eventually(() => isSilent(ben, ann)).toBe(true);
      await call(ann.page, 'setMuted', ann.key, false);
      await expectHeard(ben, ann);
      await expectHeard(eve, ann);
      await eventually(() => countOf(eve, 'conference.dominantSpeaker')).toBeGreaterThan(0);
      await call(ann.page, 'leave', ann.key);
      await eventually(() => countOf(ben, 'conference.trackRemoved')).toBe(1);
      await eventually(() => world.hub.stats().media?.connected).toBe(2);
    });
  }

  it('H-81 H-84 a shared screen is seen, also by later clients, and again after it was stopped', async () => {
    await start({});
    const [ann, ben] = [await join('ann'), await join('ben')];
    await call(ann.page, 'share', ann.key);
    const framesAt = async (person: Person) => (await inboundFrom(person, ann, 'video'))?.framesDecoded ?? 0;
    await eventually(() => framesAt(ben)).toBeGreaterThan(5);
    const cid = await join('cid');
    await eventually(() => framesAt(cid)).toBeGreaterThan(5);
    await call(ann.page, 'unshare', ann.key);
    await call(ann.page, 'share', ann.key);
    const before = await framesAt(ben);
    await eventually(() => framesAt(ben)).toBeGreaterThan(before + 5);
    expect((await call(ben.page, 'heard', ben.key)).filter(([name]) => name?.includes('failed'))).toEqual([]);
  });

  it('H-83 a hub that can bind no port carries only data, over a WebSocket, without an error', async () => {
    await start({ bridgeChannel: 'datachannel', media: { ...LOOPBACK_MEDIA, addresses: ['192.0.2.1'] } });
    const [ann, ben] = [await join('ann'), await join('ben')];
    await call(ann.page, 'speak', ann.key);
    await expectData(ann, ben);
    expect(await inboundFrom(ben, ann, 'audio')).toBeNull();
    expect(world.hub.stats()).toMatchObject({ channels: 2, media: { connected: 0 } });
  });

  it('H-79 clients that are offered no UDP address hear and see each other over TCP', async () => {
    await start({});
    const script = `{
      const { prototype } = RTCPeerConnection;
      const original = prototype.setRemoteDescription;
      prototype.setRemoteDescription = function (description) {
        const sdp = description.sdp.replace(/a=candidate:\\S+ \\d+ udp .*\\r\\n/gi, '');
        return original.call(this, { type: description.type, sdp });
      };
    }`;
    const page = await createPage(script);
    const [ann, ben] = [await join('ann', { page }), await join('ben', { page })];
    await call(ann.page, 'speak', ann.key);
    await expectHeard(ben, ann);
    await call(ann.page, 'share', ann.key);
    await eventually(async () => (await inboundFrom(ben, ann, 'video'))?.framesDecoded ?? 0).toBeGreaterThan(5);
    expect((await inboundFrom(ben, ann, 'audio'))?.lost).toBe(0);
    await page.close();
  });

  it('H-21 H-81 with a minimum of two, clients hear and read each other once the second has joined', async () => {
    await start({ minParticipants: 2, bridgeChannel: 'datachannel' });
    const ann = await join('ann', { awaitChannel: false });
    await call(ann.page, 'speak', ann.key);
    expect(await call(ann.page, 'send', ann.key, {}, '')).toMatch(/^Error/);
    const ben = await join('ben');
    await expectHeard(ben, ann);
    await expectData(ben, ann);
  });

  it('H-37 H-82 a WebSocket channel that is cut reconnects while the voices go on', async () => {
    await start({});
    const [ann, ben] = [await join('ann'), await join('ben')];
    await call(ann.page, 'speak', ann.key);
    await expectHeard(ben, ann);
    for (const { url, socket } of world.upgrades) if (url.startsWith('/colibri-ws/')) socket.destroy();
    await expectHeard(ben, ann);
    await eventually(() => countOf(ann, 'conference.dataChannelOpened')).toBe(2);
    await eventually(() => countOf(ben, 'conference.dataChannelOpened')).toBe(2);
    await expectData(ann, ben);
  });

  it('H-89 media that comes through to neither side costs no bridge channel, and the clients learn of it', async () => {
    ({ world } = blocked);
    const { ann, ben } = blocked;
    const failures = async (person: Person) =>
      (await call(person.page, 'heard', person.key)).filter(([, kind]) => kind === 'conference.iceFailed').length;
    await expect.poll(() => failures(ann), { timeout: 90_000, interval: 1_000 }).toBe(1);
    await expectData(ann, ben);
    await expectData(ben, ann);
    expect([
      await countOf(ann, 'conference.dataChannelOpened'),
      await countOf(ben, 'conference.dataChannelOpened'),
    ]).toEqual([1, 1]);
    expect(world.upgrades.filter(({ url }) => url.startsWith('/colibri-ws/'))).toHaveLength(2);
  }, 120_000);
});
