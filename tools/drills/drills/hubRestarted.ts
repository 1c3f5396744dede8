import { quantile } from '@/tools/statistics';

import { type Drill, exactly } from '../drill';
import type { DrillWorld } from '../support/drillWorld';
import { msUntilAllHeard, wallMs } from '../support/listening';
import { gather } from './meeting';

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
