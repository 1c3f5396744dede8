import { setTimeout as sleep } from 'node:timers/promises';
import { SEATS_MAX } from '@/lib/core/meeting';
import { type Drill, exactly } from '../drill';
import { Disturbance } from '../support/disturbance';
import { type DrillWorld, nextAddress } from '../support/drillWorld';
import { msUntilAllHeard, wallMs } from '../support/listening';
import { RawXmpp } from '../support/rawXmpp';

const FLOODERS = 4;
const DEAF = 20;
const WAIT_MAX_MS = 60_000;
const EVERY_MS = 33;
const GROWTH_MAX_MB = 100;

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
  passMark: 'every flooder is cut, nobody else; newest pose <= 25 ms old p95, none lost; the server grows by <= 100 MB',
  needsServer: true,
  async run(world) {
    const meetingId = await world.createMeeting();
    const people = Math.min(world.scale.people, SEATS_MAX - FLOODERS);
    const crowd = await world.crowd({ url: world.url, meetingId, count: people });
    await msUntilAllHeard(crowd.members, people - 1, wallMs(), WAIT_MAX_MS);
    await enter(world, meetingId, 'spectator', DEAF);
    const flooders = await enter(world, meetingId, 'participant', FLOODERS);
    const beforeBytes = world.server.residentBytes();
    let mostBytes = beforeBytes;
    const disturbance = new Disturbance(crowd);
    const untilMs = performance.now() + world.scale.steadyMs;
    while (performance.now() < untilMs) {
      for (const flooder of flooders) flooder.say(HEAVY);
      await sleep(EVERY_MS);
      mostBytes = Math.max(mostBytes, world.server.residentBytes());
    }
    const disturbed = disturbance.end();
    return [
      { what: 'flooders cut', value: flooders.filter(({ isCut }) => isCut).length, unit: '', ...exactly(FLOODERS) },
      ...disturbed,
      { what: 'server grew by', value: (mostBytes - beforeBytes) / 1e6, unit: 'MB', atMost: GROWTH_MAX_MB },
    ];
  },
};
