import { setTimeout as sleep } from 'node:timers/promises';
import { quantile } from '@/tools/statistics';
import { type Drill, exactly, type Measured, NotPossibleHere } from '../drill';
import type { NetworkProxy } from '../network/networkProxy';
import type { CrowdMember } from '../support/crowd';
import type { Channel, DrillWorld } from '../support/drillWorld';
import { msUntil, msUntilAllHeard, PoseGapWatch, wallMs } from '../support/listening';
import { gather, idOf, msUntilHeardBy } from '../support/meeting';
import type { PageParticipant } from '../support/pageParticipant';

const RECOVERY_MAX_MS = 60_000;

async function seats(world: DrillWorld, meetingId: string): Promise<ReadonlyMap<string, number>> {
  const { people } = await world.client.meeting.get({ id: meetingId });
  return new Map(people.map(({ id, seat }) => [id, seat]));
}

/** The server is killed and started again. */
export const hubRestarted: Drill = {
  name: 'hub-restarted',
  passMark: 'all moving again <= 3 s p95 after the server is ready, same seats',
  needsServer: true,
  measuresAge: true,
  async run(world) {
    const { meetingId, listeners, others } = await gather(world);
    const before = await seats(world, meetingId);
    await world.server.kill();
    await world.server.startAgain();
    const readyMs = wallMs();
    const heardMs = await msUntilAllHeard(listeners, others, readyMs, RECOVERY_MAX_MS);
    const after = await seats(world, meetingId);
    const kept = [...before].filter(([id, seat]) => after.get(id) === seat).length;
    return [
      { what: 'all heard again, p95', value: quantile(heardMs, 0.95), unit: 'ms', atMost: 3_000 },
      { what: 'on their seat again', value: kept, unit: 'people', ...exactly(before.size) },
    ];
  },
};

const NOTICE_MAX_MS = 2_000;
const AGAIN_MAX_MS = 5_000;
/** Only ends a drill that hangs: what is judged are its figures. */
const DROPPED_WAIT_MAX_MS = 120_000;
/** Packets in flight at the moment of the cut may still arrive. */
const IN_FLIGHT_MS = 100;

/** Where channels run over `channel`: at the site, or at a server of the drill's. */
async function siteWith(world: DrillWorld, channel: Channel): Promise<string> {
  if ((await world.channelAt(world.url)) === channel) return world.url;
  if (world.hasServer && (await world.jitsi()).isHub) {
    return (await world.otherServer({ TRUST_PROXY: 'on', HUB_CHANNEL: channel })).url;
  }
  throw new NotPossibleHere(`this Jitsi offers channels over ${channel === 'websocket' ? 'SCTP' : 'WebSockets'} only`);
}

/** The page's bridge channel goes dead, and neither end is told. */
async function deadenPagesChannel(world: DrillWorld, channel: Channel): Promise<Measured> {
  const url = await siteWith(world, channel);
  const proxy = await world.proxy(url);
  const { page, crowd, others } = await gather(world, { crowdUrl: url, pageUrl: proxy.url });
  const id = await idOf(page);
  const [sinceMs, openedMs] = [wallMs(), performance.now()];
  const cut = proxy.openedSince('channel', 0);
  proxy.deaden('channel');
  const hasNoticed = async () =>
    proxy.openedSince('channel', openedMs) > 0 ||
    (await page.moments()).some(({ atMs, connection }) => atMs > sinceMs && connection !== 'live');
  const noticing = msUntil('the page notices', hasNoticed, DROPPED_WAIT_MAX_MS);
  const hearing = msUntilAllHeard([page], others, sinceMs + IN_FLIGHT_MS, DROPPED_WAIT_MAX_MS);
  const heard = msUntilHeardBy(crowd.members, id, sinceMs + IN_FLIGHT_MS, DROPPED_WAIT_MAX_MS);
  const [noticedMs, [hearsMs = Number.NaN], heardMs] = await Promise.all([noticing, hearing, heard]);
  return [
    { what: 'channels through the network', value: cut, unit: '', atLeast: 1 },
    { what: 'dead channel noticed', value: noticedMs, unit: 'ms', atMost: NOTICE_MAX_MS },
    { what: 'hears all again', value: hearsMs + IN_FLIGHT_MS, unit: 'ms', atMost: AGAIN_MAX_MS },
    { what: 'heard by all again', value: heardMs + IN_FLIGHT_MS, unit: 'ms', atMost: AGAIN_MAX_MS },
  ];
}

/** The WebSocket bridge channel of a page dies silently. */
export const webSocketChannelDropped: Drill = {
  name: 'channel-dropped-ws',
  passMark: 'noticed <= 2 s, poses again <= 5 s',
  needsServer: false,
  run: (world) => deadenPagesChannel(world, 'websocket'),
};

/** The SCTP bridge channel of a page dies silently. */
export const dataChannelDropped: Drill = {
  name: 'channel-dropped-sctp',
  passMark: 'noticed <= 2 s, poses again <= 5 s',
  needsServer: false,
  run: (world) => deadenPagesChannel(world, 'datachannel'),
};

const RESUMED_MAX_MS = 5_000;
/** Several pose periods plus a stall of a browser that draws on the CPU. */
const GAP_MAX_MS = 1_000;

/** The page's XMPP socket breaks while its bridge channel stays. */
export const xmppDropped: Drill = {
  name: 'xmpp-dropped',
  passMark: 'poses continue; resumed <= 5 s; no duplicate avatar',
  needsServer: false,
  async run(world) {
    const proxy = await world.proxy();
    const people = world.scale.people - 1;
    const { page, crowd, others, meetingId } = await gather(world, { pageUrl: proxy.url, people });
    const gaps = new PoseGapWatch(crowd.members[0]!, await idOf(page));
    const [sinceMs, openedMs] = [wallMs(), performance.now()];
    proxy.cut('xmpp');
    await msUntil('a new XMPP socket', () => proxy.openedSince('xmpp', openedMs) > 0, DROPPED_WAIT_MAX_MS);
    // Only a page with a working roster hears a newcomer.
    const late = await world.crowd({ url: world.url, meetingId, count: 1, namePrefix: 'Late' });
    const [resumedMs] = await msUntilAllHeard([page], others + 1, sinceMs, DROPPED_WAIT_MAX_MS);
    const gapMs = await gaps.end();
    const lost = (await page.moments()).filter(
      ({ atMs, connection }) => atMs > sinceMs && connection !== 'live',
    ).length;
    return [
      { what: 'longest pause of poses', value: gapMs, unit: 'ms', atMost: GAP_MAX_MS },
      { what: 'hears a newcomer', value: resumedMs!, unit: 'ms', atMost: RESUMED_MAX_MS },
      { what: 'left and came back', value: lost, unit: 'times', ...exactly(0) },
      {
        what: 'most others in the page at once',
        value: await page.mostOthers(),
        unit: 'people',
        ...exactly(others + 1),
      },
      {
        what: 'others at the newcomer',
        value: late.bots[0]!.stats().others.length,
        unit: 'people',
        ...exactly(others + 1),
      },
    ];
  },
};

const HIDDEN_MS = 10_000;
/** Only ends a drill that hangs. */
const HIDDEN_WAIT_MAX_MS = 120_000;

/** A headless browser cannot hide a tab, so the page is told that it is hidden. */
const setVisibility = (state: 'hidden' | 'visible') => `
  Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => '${state}' });
  Object.defineProperty(document, 'hidden', { configurable: true, get: () => ${state === 'hidden'} });
  document.dispatchEvent(new Event('visibilitychange'));
`;

/** Whether `member` knows that `personId`'s page is hidden. */
function seesHidden({ bot }: CrowdMember, personId: string): boolean {
  const { hidden, endpoints } = bot.transport;
  return [...hidden].some((endpointId) => endpoints.get(endpointId)?.personId === personId);
}

function knows({ bot }: CrowdMember, personId: string): boolean {
  return [...bot.transport.endpoints.values()].some((endpoint) => endpoint.personId === personId);
}

/** The tab is hidden and shown again. */
export const tabHidden: Drill = {
  name: 'tab-hidden',
  passMark: 'marked idle, not gone; live <= 500 ms after return',
  needsServer: false,
  async run(world) {
    const { page, crowd, others } = await gather(world);
    const id = await idOf(page);
    const told = (wanted: boolean) => () => crowd.members.every((member) => seesHidden(member, id) === wanted);
    const marked = msUntil('marked idle', told(true), HIDDEN_WAIT_MAX_MS);
    await page.evaluate(setVisibility('hidden'));
    const markedMs = await marked;
    await sleep(Math.min(HIDDEN_MS, world.scale.steadyMs));
    const gone = crowd.members.filter((member) => !knows(member, id)).length;
    const returnedMs = wallMs();
    const shown = msUntil('no longer idle', told(false), HIDDEN_WAIT_MAX_MS);
    await page.evaluate(setVisibility('visible'));
    const hearing = msUntilAllHeard([page], others, returnedMs, HIDDEN_WAIT_MAX_MS);
    const heard = msUntilHeardBy(crowd.members, id, returnedMs, HIDDEN_WAIT_MAX_MS);
    const [shownMs, [hearsMs = Number.NaN], heardMs] = await Promise.all([shown, hearing, heard]);
    return [
      { what: 'marked idle', value: markedMs, unit: 'ms', atMost: 2_000 },
      { what: 'missing at', value: gone, unit: 'people', ...exactly(0) },
      { what: 'no longer idle', value: shownMs, unit: 'ms', atMost: 500 },
      { what: 'heard by all after return', value: heardMs, unit: 'ms', atMost: 500 },
      { what: 'hears all after return', value: hearsMs, unit: 'ms', atMost: 500 },
    ];
  },
};

const REJOINED_MAX_MS = 5_000;
const WAIT_MAX_MS = 60_000;
/** Time without a network on the way from one to another. */
const CHANGING_MS = 3_000;

/** Takes the network away and brings it back; resolves when it is back. */
type Outage = (proxy: NetworkProxy, page: PageParticipant) => Promise<void>;

async function measureReturn(world: DrillWorld, outage: Outage): Promise<Measured> {
  const proxy = await world.proxy();
  const { page, crowd, others } = await gather(world, { pageUrl: proxy.url });
  const { id, seat } = (await page.stats()).self!;
  await outage(proxy, page);
  const backMs = wallMs();
  const hearing = msUntilAllHeard([page], others, backMs, WAIT_MAX_MS);
  const heard = msUntilHeardBy(crowd.members, id, backMs, WAIT_MAX_MS);
  const [[hearsMs = Number.NaN], heardMs] = await Promise.all([hearing, heard]);
  const isSameSeat = (await page.stats()).self?.seat === seat;
  return [
    { what: 'hears all after return', value: hearsMs, unit: 'ms', atMost: REJOINED_MAX_MS },
    { what: 'heard by all after return', value: heardMs, unit: 'ms', atMost: REJOINED_MAX_MS },
    { what: 'same identity', value: Number((await idOf(page)) === id), unit: '', ...exactly(1) },
    { what: 'same seat', value: Number(isSameSeat), unit: '', ...exactly(1) },
  ];
}

async function setOffline({ devtools }: PageParticipant, offline: boolean): Promise<void> {
  await devtools.send('Network.emulateNetworkConditions', {
    offline,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: -1,
  });
}

/** The laptop sleeps: nothing in the page runs, and the network is away for longer than a stay lives. */
export const laptopAsleep: Drill = {
  name: 'laptop-asleep',
  passMark: 'rejoined <= 5 s after the network is back, same identity',
  needsServer: false,
  run: (world) =>
    measureReturn(world, async (proxy, page) => {
      await page.devtools.send('Page.setWebLifecycleState', { state: 'frozen' });
      proxy.leave();
      await sleep(world.scale.asleepMs);
      proxy.comeBack();
      await page.devtools.send('Page.setWebLifecycleState', { state: 'active' });
    }),
};

/** The network changes: for a moment there is none, and connections opened before are dead without notice. */
export const networkChanged: Drill = {
  name: 'network-changed',
  passMark: 'rejoined <= 5 s after the network is back, same identity',
  needsServer: false,
  run: (world) =>
    measureReturn(world, async (proxy, page) => {
      await page.devtools.send('Network.enable');
      proxy.leave();
      await setOffline(page, true);
      await sleep(CHANGING_MS);
      proxy.comeBack();
      await setOffline(page, false);
    }),
};

const GONE_MAX_MS = 15_000;

/** A participant's machine dies without closing a socket. */
export const ghostGone: Drill = {
  name: 'ghost-gone',
  passMark: 'gone for all, and the seat free, <= 15 s',
  needsServer: false,
  async run(world) {
    const meetingId = await world.createMeeting();
    const proxy = await world.proxy();
    const crowd = await world.crowd({ url: world.url, meetingId, count: Math.min(4, world.scale.people) });
    const ghost = await world.crowd({ url: proxy.url, meetingId, count: 1, namePrefix: 'Ghost' });
    const count = crowd.members.length;
    await msUntilAllHeard(crowd.members, count, wallMs(), WAIT_MAX_MS);
    const id = ghost.bots[0]!.personId!;
    proxy.leave();
    const knowsGhost = () =>
      crowd.bots.some((bot) => [...bot.transport.endpoints.values()].some(({ personId }) => personId === id));
    const isSeated = async () =>
      (await world.client.meeting.get({ id: meetingId })).people.some((person) => person.id === id);
    const [goneMs, freeMs] = await Promise.all([
      msUntil('the ghost is gone', () => !knowsGhost(), WAIT_MAX_MS),
      msUntil('its seat is free', async () => !(await isSeated()), WAIT_MAX_MS),
    ]);
    return [
      { what: 'gone from the conference', value: goneMs, unit: 'ms', atMost: GONE_MAX_MS },
      { what: 'seat free', value: freeMs, unit: 'ms', atMost: GONE_MAX_MS },
      {
        what: 'others still there',
        value: crowd.bots[0]!.stats().others.length,
        unit: 'people',
        ...exactly(count - 1),
      },
    ];
  },
};
