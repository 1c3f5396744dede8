import { setTimeout as sleep } from 'node:timers/promises';
import type { ParleyClient } from '@/lib/api';
import type { JoinGrant } from '@/lib/core/meeting';
import { EndpointIdentities } from '@/lib/transport/endpointIdentities';
import { HeadlessTransport } from '@/lib/transport/headless/headlessTransport';
import { type Drill, exactly, type Figure } from '../drill';
import type { Crowd } from '../support/crowd';
import type { DrillWorld } from '../support/drillWorld';
import { msUntil, msUntilAllHeard, wallMs } from '../support/listening';

const GHOSTS = 10;
const WAIT_MAX_MS = 60_000;
const ENTER_MAX_MS = 8_000;
const SEEN_MAX_MS = 5_000;
const MOVES_MAX = 5;
const LEFT_GONE_MAX_MS = 2_000;
/** A stay without a sign of life lives for 15 s, and is swept within half a second. */
const SILENT_GONE_MAX_MS = 17_000;

/** Takes a seat as a page does, and keeps what it needs for the conference. */
function sit(client: ParleyClient, meetingId: string, index: number): Promise<JoinGrant> {
  return client.meeting.join({ id: meetingId, role: 'participant', name: `Ghost ${index + 1}` });
}

/** Enters the conference with a pass alone, without a page around it, and says who it is. Null if that is refused. */
async function haunt(world: DrillWorld, grant: JoinGrant): Promise<HeadlessTransport | null> {
  const { jitsi, joinToken, stayToken, meeting } = grant;
  const ghost = new HeadlessTransport({
    fetchPass: async () => ({ coordinates: jitsi, joinToken }),
    identities: new EndpointIdentities({
      claim: async (endpoint) => (await world.client.meeting.claim({ id: meeting.id, stayToken, ...endpoint })).nonce,
    }),
  });
  world.after(() => ghost.disconnect());
  const entered = ghost.connect().then(
    () => true,
    () => false,
  );
  const isIn = await Promise.race([entered, sleep(ENTER_MAX_MS, false)]);
  if (!isIn) await ghost.disconnect();
  return isIn ? ghost : null;
}

/** How many of these people somebody in the meeting can see: they are in the roster, and an endpoint is theirs. */
function seen({ bots }: Crowd, personIds: ReadonlySet<string>): number {
  const visible = bots.flatMap((bot) => {
    const endpoints = [...bot.transport.endpoints.values()];
    const listed = bot.stats().others.map(({ personId }) => personId);
    return listed.filter((id) => endpoints.some(({ personId }) => personId === id));
  });
  return new Set(visible.filter((id) => personIds.has(id))).size;
}

/** How many endpoints of these people are in the conference, whether they are seen or not. */
function present({ bots }: Crowd, personIds: ReadonlySet<string>): number {
  const people = bots.flatMap((bot) => [...bot.transport.endpoints.values()].map(({ personId }) => personId));
  return new Set(people.filter((id) => id !== null && personIds.has(id))).size;
}

/**
 * Takes a seat, enters with its pass alone, and is seen. Again with another seat if that takes as long as a seat lasts without a
 * heartbeat. @throws Error if people with a seat are kept out
 */
async function moveIn(world: DrillWorld, crowd: Crowd, meetingId: string, index: number): Promise<JoinGrant> {
  for (let attempt = 0; attempt < MOVES_MAX; attempt += 1) {
    const grant = await sit(world.client, meetingId, index);
    const isIn = (await haunt(world, grant)) !== null;
    const isSeen = () => seen(crowd, new Set([grant.personId])) === 1;
    const wasSeen = isIn && (await msUntil('it is seen', isSeen, SEEN_MAX_MS).catch(() => null)) !== null;
    if (wasSeen) return grant;
    // A stay that has run out meanwhile is over anyway.
    await world.client.meeting.leave({ id: meetingId, stayToken: grant.stayToken }).catch(() => {});
  }
  throw new Error('People with a seat are not let in.');
}

/** People who are in no roster try to stay in the conference with the join tokens of stays that are over. */
export const ghosts: Drill = {
  name: 'ghosts',
  passMark: 'who is in no roster is not seen, <= 2 s after a stay ends; by our hub they are put out and not let in',
  needsServer: false,
  async run(world) {
    const { isParleys } = await world.jitsi();
    const meetingId = await world.createMeeting();
    const crowd = await world.crowd({ url: world.url, meetingId, count: Math.min(4, world.scale.people) });
    await msUntilAllHeard(crowd.members, crowd.members.length - 1, wallMs(), WAIT_MAX_MS);

    // Each joins and leaves: what is left are ten tokens, good for five minutes.
    const left: JoinGrant[] = [];
    for (let index = 0; index < GHOSTS; index += 1) {
      const grant = await sit(world.client, meetingId, index);
      await world.client.meeting.leave({ id: meetingId, stayToken: grant.stayToken });
      left.push(grant);
    }
    const entered = await Promise.all(left.map((grant) => haunt(world, grant)));

    // Two who are in: one leaves at the API only, of the other no heartbeat ever comes.
    const ids = (...grants: readonly JoinGrant[]) => new Set(grants.map(({ personId }) => personId));
    // A stock Jitsi lets the bearer of a valid token in, whatever has become of the stay.
    const noticed = isParleys ? present : seen;
    const gone = (grant: JoinGrant) => msUntil('it is gone', () => noticed(crowd, ids(grant)) === 0, WAIT_MAX_MS);
    const leaver = await moveIn(world, crowd, meetingId, GHOSTS);
    await world.client.meeting.leave({ id: meetingId, stayToken: leaver.stayToken });
    const leaverGoneMs = await gone(leaver);
    const silent = await moveIn(world, crowd, meetingId, GHOSTS + 1);
    const silentGoneMs = await gone(silent);

    const figures: Figure[] = [
      { what: 'gone after leaving', value: leaverGoneMs, unit: 'ms', atMost: LEFT_GONE_MAX_MS },
      { what: 'gone without heartbeats', value: silentGoneMs, unit: 'ms', atMost: SILENT_GONE_MAX_MS },
    ];
    const everyone = [...left, leaver, silent];
    if (world.hasServer) {
      await world.server.kill();
      await world.server.startAgain();
    }
    const again = await Promise.all(everyone.map((grant) => haunt(world, grant)));
    await msUntilAllHeard(crowd.members, crowd.members.length - 1, wallMs(), WAIT_MAX_MS);
    figures.push({
      what: 'ghosts seen at the end',
      value: seen(crowd, ids(...everyone)),
      unit: 'people',
      ...exactly(0),
    });
    if (!isParleys) return figures;
    return [
      { what: 'let in after leaving', value: entered.filter(Boolean).length, unit: 'people', ...exactly(0) },
      ...figures,
      { what: 'let in in the end', value: again.filter(Boolean).length, unit: 'people', ...exactly(0) },
    ];
  },
};
