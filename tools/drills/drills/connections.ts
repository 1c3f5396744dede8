import { quantile } from '@/tools/statistics';
import { type Drill, exactly, type Measured } from '../drill';
import type { DrillWorld } from '../support/drillWorld';
import { msUntil, msUntilAllHeard, PoseGapWatch, wallMs } from '../support/listening';
import { gather, idOf, msUntilHeardBy } from '../support/meeting';

const RECOVERY_MAX_MS = 60_000;

async function seats(world: DrillWorld, meetingId: string): Promise<ReadonlyMap<string, number>> {
  const { people } = await world.client.meeting.get({ id: meetingId });
  return new Map(people.map(({ id, seat }) => [id, seat]));
}

/** The server dies without a word and is started again. */
export const hubRestarted: Drill = {
  name: 'hub-restarted',
  passMark: 'everybody moving again <= 3 s p95 from its being ready, same seats',
  needsServer: true,
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
      { what: 'on the same seat', value: kept, unit: 'people', ...exactly(before.size) },
    ];
  },
};

const NOTICE_MAX_MS = 2_000;
const AGAIN_MAX_MS = 5_000;
const WAIT_MAX_MS = 30_000;
/** What was on its way at the moment of the cut may still arrive. */
const IN_FLIGHT_MS = 100;

/** The page's channel goes dead without a word: neither end is told. */
async function deadenPagesChannel(world: DrillWorld): Promise<Measured> {
  const proxy = await world.proxy();
  const { page, crowd, others } = await gather(world, { pageUrl: proxy.url });
  const id = await idOf(page);
  const [sinceMs, openedMs] = [wallMs(), performance.now()];
  proxy.deaden('channel');
  const hasNoticed = async () =>
    proxy.openedSince('channel', openedMs) > 0 ||
    (await page.moments()).some(({ atMs, connection }) => atMs > sinceMs && connection !== 'live');
  const noticing = msUntil('the page notices', hasNoticed, WAIT_MAX_MS);
  const hearing = msUntilAllHeard([page], others, sinceMs + IN_FLIGHT_MS, WAIT_MAX_MS);
  const heard = msUntilHeardBy(crowd.members, id, sinceMs + IN_FLIGHT_MS, WAIT_MAX_MS);
  const [noticedMs, [hearsMs = Number.NaN], heardMs] = await Promise.all([noticing, hearing, heard]);
  return [
    { what: 'dead channel noticed', value: noticedMs, unit: 'ms', atMost: NOTICE_MAX_MS },
    { what: 'hears all again', value: hearsMs + IN_FLIGHT_MS, unit: 'ms', atMost: AGAIN_MAX_MS },
    { what: 'heard by all again', value: heardMs + IN_FLIGHT_MS, unit: 'ms', atMost: AGAIN_MAX_MS },
  ];
}

/** The bridge channel of a page, a WebSocket, dies silently. */
export const webSocketChannelDropped: Drill = {
  name: 'channel-dropped-ws',
  passMark: 'noticed <= 2 s, poses again <= 5 s',
  needsServer: false,
  run: deadenPagesChannel,
};

/** A headless participant's data channel is cut. */
async function cutDataChannel(world: DrillWorld): Promise<Measured> {
  const server = await world.otherServer({ TRUST_PROXY: 'on', HUB_CHANNEL: 'datachannel' });
  const meetingId = await world.createMeeting(server.url);
  const crowd = await world.crowd({ url: server.url, meetingId, count: Math.min(4, world.scale.people) });
  const [member, ...rest] = crowd.members;
  const { transport } = member!.bot;
  await msUntilAllHeard(crowd.members, rest.length, wallMs(), WAIT_MAX_MS);
  const overSctp = crowd.bots.filter((bot) => bot.transport.channelKind === 'datachannel').length;
  const sinceMs = wallMs();
  transport.cutChannel();
  const hasNoticed = () => transport.state !== 'live' || transport.channelKind === null;
  const noticing = msUntil('the participant notices', hasNoticed, WAIT_MAX_MS);
  const hearing = msUntilAllHeard([member!], rest.length, sinceMs + IN_FLIGHT_MS, WAIT_MAX_MS);
  const heard = msUntilHeardBy(rest, member!.bot.stats().personId!, sinceMs + IN_FLIGHT_MS, WAIT_MAX_MS);
  const [noticedMs, [hearsMs = Number.NaN], heardMs] = await Promise.all([noticing, hearing, heard]);
  return [
    { what: 'channels over SCTP', value: overSctp, unit: 'people', atLeast: crowd.members.length },
    { what: 'noticed', value: noticedMs, unit: 'ms', atMost: NOTICE_MAX_MS },
    { what: 'hears all again', value: hearsMs + IN_FLIGHT_MS, unit: 'ms', atMost: AGAIN_MAX_MS },
    { what: 'heard by all again', value: heardMs + IN_FLIGHT_MS, unit: 'ms', atMost: AGAIN_MAX_MS },
  ];
}

/** The bridge channel of a headless participant, an SCTP data channel, is cut. */
export const dataChannelDropped: Drill = {
  name: 'channel-dropped-sctp',
  passMark: 'noticed <= 2 s, poses again <= 5 s',
  needsServer: true,
  run: cutDataChannel,
};

const RESUMED_MAX_MS = 5_000;
/** Several pose periods, and a stall of a browser that draws on the CPU. */
const GAP_MAX_MS = 1_000;

/** The page's XMPP socket breaks; its bridge channel lives on. */
export const xmppDropped: Drill = {
  name: 'xmpp-dropped',
  passMark: 'poses go on; resumed <= 5 s; no duplicate avatar',
  needsServer: false,
  async run(world) {
    const proxy = await world.proxy();
    const people = world.scale.people - 1;
    const { page, crowd, others, meetingId } = await gather(world, { pageUrl: proxy.url, people });
    const gaps = new PoseGapWatch(crowd.members[0]!, await idOf(page));
    const [sinceMs, openedMs] = [wallMs(), performance.now()];
    proxy.cut('xmpp');
    await msUntil('a new XMPP socket', () => proxy.openedSince('xmpp', openedMs) > 0, WAIT_MAX_MS);
    // Only who has a roster again hears somebody who comes now.
    const late = await world.crowd({ url: world.url, meetingId, count: 1, namePrefix: 'Late' });
    const [resumedMs] = await msUntilAllHeard([page], others + 1, sinceMs, WAIT_MAX_MS);
    const gapMs = await gaps.end();
    const lost = (await page.moments()).filter(
      ({ atMs, connection }) => atMs > sinceMs && connection !== 'live',
    ).length;
    return [
      { what: 'longest pause of its poses', value: gapMs, unit: 'ms', atMost: GAP_MAX_MS },
      { what: 'hears a newcomer', value: resumedMs!, unit: 'ms', atMost: RESUMED_MAX_MS },
      { what: 'left and came back', value: lost, unit: 'times', ...exactly(0) },
      { what: 'most others in the page', value: await page.mostOthers(), unit: 'people', ...exactly(others + 1) },
      {
        what: 'others at the newcomer',
        value: late.bots[0]!.stats().others.length,
        unit: 'people',
        ...exactly(others + 1),
      },
    ];
  },
};
