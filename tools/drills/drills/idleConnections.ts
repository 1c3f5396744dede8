import { setTimeout as sleep } from 'node:timers/promises';
import { type Drill, exactly } from '../drill';
import { Crowd } from '../support/crowd';
import { IdleClients } from '../support/idleClients';
import { msUntilAllHeard, wallMs } from '../support/listening';

const CONNECTIONS = 400;
const DESCRIPTORS_MAX = 260;
const GATHER_MAX_MS = 60_000;
const JOIN_MAX_MS = 5_000;
/** The server counts all of these as one address, which has a part of its few connections. */
const PEOPLE_MAX = 8;

/** More connections that ask for nothing than the server may open, from the address of those who meet. */
export const idleConnections: Drill = {
  name: 'idle-connections',
  passMark: '400 idle connections at 260 descriptors: nobody leaves, no reconnection, others still join',
  needsServer: true,
  async run(world) {
    const people = Math.min(PEOPLE_MAX, world.scale.people);
    const { url } = await world.otherServer({}, DESCRIPTORS_MAX);
    const meetingId = await world.createMeeting(url);
    const crowd = await world.crowd({ url, meetingId, count: people });
    await msUntilAllHeard(crowd.members, people - 1, wallMs(), GATHER_MAX_MS);
    let left = 0;
    const stop = world.clientOf(url).meeting.events(
      { id: meetingId },
      {
        onEvent: ({ type }) => {
          if (type === 'left') left += 1;
        },
      },
    );
    world.after(async () => stop());
    const reconnectsBefore = crowd.reconnects();
    const idle = new IdleClients(url, CONNECTIONS);
    world.after(() => idle.close());
    await sleep(world.scale.idleMs);
    const leftMeanwhile = left;
    const newcomer = await Crowd.join({ url, client: world.clientOf(url), meetingId, count: 1, namePrefix: 'Late' });
    world.after(() => newcomer.leave());
    const heardMs = await msUntilAllHeard([...crowd.members], people, wallMs(), GATHER_MAX_MS);
    world.say(`  the server closed ${idle.closed} idle connections`);
    return [
      { what: 'people who left', value: leftMeanwhile, unit: '', ...exactly(0) },
      { what: 'reconnections', value: crowd.reconnects() - reconnectsBefore, unit: '', ...exactly(0) },
      { what: 'another joined within', value: newcomer.tookMs[0]!, unit: 'ms', atMost: JOIN_MAX_MS },
      { what: 'everybody heard everybody within', value: Math.max(...heardMs), unit: 'ms', atMost: JOIN_MAX_MS },
    ];
  },
};
