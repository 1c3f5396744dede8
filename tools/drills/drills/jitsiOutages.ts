import { setTimeout as sleep } from 'node:timers/promises';
import { quantile } from '@/tools/statistics';
import { type Drill, exactly, type Figure, type Measured, NotPossibleHere } from '../drill';
import type { Crowd, CrowdMember } from '../support/crowd';
import type { DrillWorld } from '../support/drillWorld';
import { type Listener, msUntil, msUntilAllHeard, PoseGapWatch, wallMs } from '../support/listening';
import { type FullMeeting, gather, idOf } from '../support/meeting';
import type { PageParticipant } from '../support/pageParticipant';

const WAIT_MAX_MS = 120_000;
/** Packets in flight at the moment of the fault may still arrive. */
const IN_FLIGHT_MS = 100;

/** Fills a meeting on a server whose hub suffers `faults` when it is struck. */
async function gatherBefore(
  world: DrillWorld,
  faults: string,
  settings: Record<string, string> = {},
): Promise<FullMeeting & { strike(): number }> {
  if (!(await world.jitsi()).isHub)
    throw new NotPossibleHere('the Jitsi is elsewhere (JITSI_URL), and not ours to kill');
  const server = await world.otherServer({ TRUST_PROXY: 'on', HUB_FAULTS: faults, ...settings });
  const meeting = await gather(world, { crowdUrl: server.url });
  const strike = () => {
    server.signal('SIGUSR2');
    return wallMs();
  };
  return { ...meeting, strike };
}

/** Milliseconds from `sinceMs` until a page says something about its connection that has `words` in it. */
async function msUntilSaid(page: PageParticipant, words: string, sinceMs: number): Promise<number> {
  const first = async () =>
    (await page.said()).find(({ atMs, sentence }) => atMs > sinceMs && sentence.includes(words));
  await msUntil(`the page says "${words}"`, async () => (await first()) !== undefined, WAIT_MAX_MS);
  return (await first())!.atMs - sinceMs;
}

const SERVER_LOST = 'Connection to the meeting server lost';
const TOLD_MAX_MS = 2_000;
const BACK_MAX_MS = 8_000;

/** Resolves once `listener` is on the server that came back and hears everybody, with the wall's time. */
async function backAtMs(listener: Listener, others: number, isBack: () => boolean | Promise<boolean>): Promise<number> {
  await msUntil(`${listener.name} is on the server again`, isBack, WAIT_MAX_MS);
  const sinceMs = wallMs();
  const [heardMs = Number.NaN] = await msUntilAllHeard([listener], others, sinceMs, WAIT_MAX_MS);
  return sinceMs + heardMs;
}

async function measureXmppLoss(world: DrillWorld): Promise<Measured> {
  const { xmppAwayMs } = world.scale;
  const { page, crowd, others, strike } = await gatherBefore(world, `lose-xmpp=${xmppAwayMs / 1_000}`);
  const before = new Map(crowd.members.map(({ name, bot }) => [name, bot.transport.endpointId]));
  const [member] = crowd.members;
  const pageId = await idOf(page);
  const gaps = [new PoseGapWatch(member!, pageId), new PoseGapWatch(page, member!.bot.personId!)];
  const struckMs = strike();
  const told = [
    msUntilSaid(page, SERVER_LOST, struckMs),
    ...crowd.bots.map((bot) => msUntil('a bot is told', () => bot.transport.trouble === 'signalling', WAIT_MAX_MS)),
  ];
  const toldMs = Math.max(...(await Promise.all(told)));
  const isFresh = ({ name, bot: { transport } }: CrowdMember) =>
    ![before.get(name), ''].includes(transport.endpointId) && transport.trouble === 'none';
  const isQuiet = async () => !(await page.said()).at(-1)?.sentence.includes(SERVER_LOST);
  const times = await Promise.all([
    backAtMs(page, others, isQuiet),
    ...crowd.members.map((one) => backAtMs(one, others, () => isFresh(one))),
  ]);
  const longestMs = Math.max(...(await Promise.all(gaps.map((gap) => gap.end()))));
  const afterMs = times.map((timeMs) => timeMs - struckMs - xmppAwayMs);
  return [
    { what: 'people told', value: toldMs, unit: 'ms', atMost: TOLD_MAX_MS },
    { what: 'all on it again and hear all, p95', value: quantile(afterMs, 0.95), unit: 'ms', atMost: BACK_MAX_MS },
    { what: 'longest pause of poses', value: longestMs, unit: 'ms', atMost: xmppAwayMs + BACK_MAX_MS },
    { what: 'same identity', value: Number((await idOf(page)) === pageId), unit: '', ...exactly(1) },
  ];
}

/** The XMPP server dies with all it knows, and is back after some seconds; the bridge goes on. */
export const prosodyKilled: Drill = {
  name: 'prosody-killed',
  passMark:
    'the XMPP server dies and comes back: people told <= 2 s; on it again and hear all <= 8 s p95 after it is back',
  needsServer: true,
  run: measureXmppLoss,
};

const NOTICE_MAX_MS = 2_000;
const ONE_BRIDGE_MAX_MS = 30_000;
const TWO_BRIDGES_MAX_MS = 10_000;

async function measureBridgeLoss(world: DrillWorld, kind: string, awayMs: number, atMost: number): Promise<Figure[]> {
  // The hub's own bridge can't die alone, and so its focus has no word for that.
  const stock = { HUB_AS: 'jicofo' };
  const { page, crowd, listeners, others, strike } = await gatherBefore(world, `lose-bridge=${awayMs / 1_000}`, stock);
  const struckMs = strike();
  const heardMs = await msUntilAllHeard(listeners, others, struckMs + IN_FLIGHT_MS, WAIT_MAX_MS);
  const afterMs = heardMs.map((ms) => ms + IN_FLIGHT_MS);
  const change = (await page.moments()).find(({ atMs, connection }) => atMs > struckMs && connection !== 'live');
  await crowd.leave();
  await page.close();
  return [
    // A change of bridges may be over between two looks at the page, and then there was nothing to notice.
    ...(change ? [{ what: `${kind}: noticed`, value: change.atMs - struckMs, unit: 'ms', atMost: NOTICE_MAX_MS }] : []),
    { what: `${kind}: all heard again, p95`, value: quantile(afterMs, 0.95), unit: 'ms', atMost },
  ];
}

/** The bridge dies without a word: once there is no other for a while, once there is another at once. */
export const bridgeGone: Drill = {
  name: 'bridge-gone',
  passMark: 'the bridge dies: poses again <= 30 s p95 where it is the only one, <= 10 s where there are two',
  needsServer: true,
  async run(world) {
    const { bridgeAwayMs } = world.scale;
    return [
      ...(await measureBridgeLoss(world, 'one bridge', bridgeAwayMs, ONE_BRIDGE_MAX_MS)),
      ...(await measureBridgeLoss(world, 'two bridges', 0, TWO_BRIDGES_MAX_MS)),
    ];
  },
};

const MEET_MAX_MS = 5_000;
const PAGE = 'Page';

/** How long the slower of the two takes to hear the other, from now on, ms. */
async function msUntilMet(page: PageParticipant, crowd: Crowd): Promise<number> {
  return Math.max(...(await msUntilAllHeard([page, ...crowd.members], 1, wallMs(), WAIT_MAX_MS)));
}

/** A page is alone, a second one comes, leaves and comes back; then the page leaves and comes back. */
export const aloneThenNot: Drill = {
  name: 'alone-then-not',
  passMark: 'alone / a second one comes / leaves / comes back: each hears the other <= 5 s, and nobody enters again',
  needsServer: false,
  async run(world) {
    const { aloneMs } = world.scale;
    const meetingId = await world.createMeeting();
    const proxy = await world.proxy();
    const openPage = () => world.page({ url: proxy.url, meetingId, name: PAGE });
    const openSecond = () => world.crowd({ url: world.url, meetingId, count: 1, namePrefix: 'Second' });
    const page = await openPage();
    await sleep(aloneMs);
    const first = await openSecond();
    const metMs = [await msUntilMet(page, first)];
    await first.leave();
    await sleep(aloneMs);
    const second = await openSecond();
    metMs.push(await msUntilMet(page, second));
    const pageLost = (await page.moments()).filter(({ connection }) => connection === 'reconnecting').length;
    const sockets = proxy.openedSince('xmpp', 0);
    const { endpointId } = second.bots[0]!.transport;
    await page.close();
    await sleep(aloneMs);
    metMs.push(await msUntilMet(await openPage(), second));
    const isSame = second.bots[0]!.transport.endpointId === endpointId;
    return [
      { what: 'each hears the other, slowest', value: Math.max(...metMs), unit: 'ms', atMost: MEET_MAX_MS },
      { what: 'XMPP connections of the page', value: sockets, unit: '', ...exactly(1) },
      { what: 'reconnections of the page', value: pageLost, unit: 'times', ...exactly(0) },
      { what: 'reconnections of the second', value: second.reconnects(), unit: 'times', ...exactly(0) },
      { what: 'the second has its endpoint', value: Number(isSame), unit: '', ...exactly(1) },
    ];
  },
};
