import { setTimeout as sleep } from 'node:timers/promises';
import { SEATS_MAX } from '@/lib/core/meeting';
import { type Drill, exactly, type Figure } from '../drill';
import { Disturbance } from '../support/disturbance';
import { type DrillWorld, nextAddress } from '../support/drillWorld';
import { msUntil, msUntilAllHeard, wallMs } from '../support/listening';
import { RawXmpp } from '../support/rawXmpp';

const FLOODERS = 4;
const DEAF = 20;
const WAIT_MAX_MS = 60_000;
const EVERY_MS = 33;
/** Until a busy machine has told of the end of a socket. */
const CUT_MAX_MS = 30_000;
const GROWTH_MAX_MB = 100;
/** A few stanzas: our hub takes no more. */
const SENT_MIN_MB = 0.1;

/** As much as a frame may have, of what costs the most to read and to write again. */
const HEAVY = '<a b="&amp;" c="&lt;&lt;">&gt;&gt;</a>'.repeat(1_400);

async function enter(world: DrillWorld, id: string, role: 'participant' | 'spectator', count: number) {
  const clients: RawXmpp[] = [];
  for (let index = 0; index < count; index += 1) {
    const client = world.clientOf(world.url, nextAddress());
    clients.push(await RawXmpp.enter(await client.meeting.join({ id, role, name: `Attacker ${index}` })));
  }
  world.after(async () => {
    for (const client of clients) client.close();
  });
  return clients;
}

/** Seated people send the largest stanzas they can, thirty a second, while spectators acknowledge nothing. */
export const xmppFlood: Drill = {
  name: 'xmpp-flood',
  passMark:
    'every flooder is cut (our hub), nobody else; newest pose <= 25 ms old p95, none lost; the server grows by <= 100 MB',
  needsServer: false,
  async run(world) {
    const meetingId = await world.createMeeting();
    const people = Math.min(world.scale.people, SEATS_MAX - FLOODERS);
    const crowd = await world.crowd({ url: world.url, meetingId, count: people });
    await msUntilAllHeard(crowd.members, people - 1, wallMs(), WAIT_MAX_MS);
    await enter(world, meetingId, 'spectator', DEAF);
    const flooders = await enter(world, meetingId, 'participant', FLOODERS);
    const size = () => (world.hasServer ? world.server.residentBytes() : 0);
    const beforeBytes = size();
    let mostBytes = beforeBytes;
    const disturbance = new Disturbance(crowd);
    const untilMs = performance.now() + world.scale.steadyMs;
    while (performance.now() < untilMs) {
      for (const flooder of flooders) flooder.say(HEAVY);
      await sleep(EVERY_MS);
      mostBytes = Math.max(mostBytes, size());
    }
    const disturbed = disturbance.end();
    const leastBytes = Math.min(...flooders.map(({ sentBytes }) => sentBytes));
    const figures: Figure[] = [
      { what: 'sent by each flooder', value: leastBytes / 1e6, unit: 'MB', atLeast: SENT_MIN_MB },
      ...disturbed,
    ];
    // A deployment may hold them back instead, as Prosody's mod_limits does.
    if ((await world.jitsi()).isParleys) {
      const areCut = () => flooders.every(({ isCut }) => isCut);
      // Judged below.
      await msUntil('all flooders are cut', areCut, CUT_MAX_MS).catch(() => {});
      const cut = flooders.filter(({ isCut }) => isCut).length;
      figures.push({ what: 'flooders cut', value: cut, unit: '', ...exactly(FLOODERS) });
    }
    if (!world.hasServer) return figures;
    const grownMb = (mostBytes - beforeBytes) / 1e6;
    return [...figures, { what: 'server grew by', value: grownMb, unit: 'MB', atMost: GROWTH_MAX_MB }];
  },
};
