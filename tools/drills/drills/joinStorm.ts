import { ParleyApiError } from '@/lib/api';
import { SEATS_MAX } from '@/lib/core/meeting';
import { quantile } from '@/tools/statistics';

import { type Drill, exactly } from '../drill';
import { type DrillWorld, nextAddress } from '../support/drillWorld';
import { msUntilAllHeard, wallMs } from '../support/listening';

const STORM_MS = 1_000;
const JOIN_MAX_MS = 5_000;
const WAIT_MAX_MS = 60_000;
const REQUESTS = 32;

/** How many of 32 that ask at once for a seat get one; NaN where one was refused for another reason than a full meeting. */
async function seatedOf32(world: DrillWorld): Promise<number> {
  const client = world.clientOf(world.url, nextAddress());
  const { id } = await client.meeting.create({ maxParticipants: SEATS_MAX });
  const asked = Array.from({ length: REQUESTS }, (_, index) =>
    client.meeting.join({ id, role: 'participant', name: `Guest ${index}` }),
  );
  const answers = await Promise.allSettled(asked);
  const refusals = answers.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[];
  const isFull = ({ reason }: PromiseRejectedResult) => reason instanceof ParleyApiError && reason.reason === 'full';
  return refusals.every(isFull) ? REQUESTS - refusals.length : Number.NaN;
}

async function exactRaces(world: DrillWorld): Promise<number> {
  let exact = 0;
  for (let race = 0; race < world.scale.seatRaces; race += 1) {
    if ((await seatedOf32(world)) === SEATS_MAX) exact += 1;
  }
  return exact;
}

/** Sixteen come in one second from one address; then 32 ask at once for 16 seats, again and again. */
export const joinStorm: Drill = {
  name: 'join-storm',
  passMark: '16 joins in 1 s from one IP: all in <= 5 s p95; of 32 exactly 16 are seated, every time',
  needsServer: true,
  async run(world) {
    const meetingId = await world.createMeeting();
    const sinceMs = wallMs();
    const crowd = await world.crowd({ url: world.url, meetingId, count: SEATS_MAX, spreadMs: STORM_MS });
    const heardMs = await msUntilAllHeard(crowd.members, SEATS_MAX - 1, sinceMs, WAIT_MAX_MS);
    const seats = new Set(crowd.bots.map((bot) => bot.stats().seat));
    const exact = await exactRaces(world);
    return [
      { what: 'in the conference, p95', value: quantile(crowd.tookMs, 0.95), unit: 'ms', atMost: JOIN_MAX_MS },
      { what: 'hears all, from the first join, p95', value: quantile(heardMs, 0.95), unit: 'ms', atMost: JOIN_MAX_MS },
      { what: 'seats taken', value: seats.size, unit: '', ...exactly(SEATS_MAX) },
      { what: 'races with exactly 16 seated', value: exact, unit: '', ...exactly(world.scale.seatRaces) },
    ];
  },
};
