import type { Drill, Measured } from '../drill';
import type { DrillWorld } from '../support/drillWorld';
import { msUntil, msUntilAllHeard, wallMs } from '../support/listening';
import { gather, idOf, msUntilHeardBy } from './meeting';

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
