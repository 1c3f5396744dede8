import { setTimeout as sleep } from 'node:timers/promises';
import type { Drill } from '../drill';
import { AgeMeter } from '../support/ageMeter';
import type { Crowd } from '../support/crowd';
import type { DrillWorld } from '../support/drillWorld';
import { msUntilAllHeard, wallMs } from '../support/listening';
import type { NetworkProxy } from '../support/networkProxy';

const SLOW_BITS_PER_S = 64_000;
const GATHER_MAX_MS = 60_000;
/** The hub finds out what the way takes. */
const SETTLING_MS = 3_000;
const QUIET_MS = 2_000;
/** The slow one's own signs of life go on: fewer bytes than this in that time are no backlog. */
const QUIET_BYTES = 2_000;
const DRAINED_WITHIN_MS = 60_000;

interface Gathering {
  readonly crowd: Crowd;
  readonly meetingId: string;
}

async function crowdOf(world: DrillWorld, count: number): Promise<Gathering> {
  const meetingId = await world.createMeeting();
  const crowd = await world.crowd({ url: world.url, meetingId, count });
  await msUntilAllHeard(crowd.members, count - 1, wallMs(), GATHER_MAX_MS);
  return { crowd, meetingId };
}

/** p95 of the age of poses among `crowd` from now on. */
async function mutualP95Ms({ bots }: Crowd, forMs: number): Promise<number> {
  const meter = new AgeMeter(bots, bots);
  await sleep(forMs);
  return meter.endP95Ms();
}

/** The same among people none of whom is slow; they leave again. */
async function undisturbedP95Ms(world: DrillWorld, count: number): Promise<number> {
  const { crowd } = await crowdOf(world, count);
  const p95Ms = await mutualP95Ms(crowd, world.scale.steadyMs);
  await crowd.leave();
  return p95Ms;
}

/** Bytes that still come down the slow channel when nobody sends any more: what had been waiting on the way. */
async function bytesWaiting(proxy: NetworkProxy): Promise<number> {
  const before = proxy.bytesDown('channel');
  let last = before;
  for (let passedMs = 0; passedMs < DRAINED_WITHIN_MS; passedMs += QUIET_MS) {
    await sleep(QUIET_MS);
    const now = proxy.bytesDown('channel');
    if (now - last < QUIET_BYTES) return last - before;
    last = now;
  }
  return Number.NaN;
}

/** One receiver has 64 kbit/s, a sixth of what the others send it. */
export const slowReceiver: Drill = {
  name: 'slow-receiver',
  passMark: "receiver at 64 kbps: pose age <= 500 ms; others' p95 + <= 5 ms; buffer <= 64 KiB",
  needsServer: false,
  async run(world) {
    const count = world.scale.people - 1;
    const undisturbedMs = await undisturbedP95Ms(world, count);
    const { crowd, meetingId } = await crowdOf(world, count);
    const proxy = await world.proxy();
    const slow = await world.crowd({ url: proxy.url, meetingId, count: 1, namePrefix: 'Slow' });
    proxy.throttle(SLOW_BITS_PER_S);
    await sleep(SETTLING_MS);
    const slowMeter = new AgeMeter(slow.bots, crowd.bots);
    const disturbedMs = await mutualP95Ms(crowd, world.scale.steadyMs);
    const poses = slowMeter.count;
    const slowMs = slowMeter.endP95Ms();
    const lost = crowd.lost();
    const [, waiting] = await Promise.all([crowd.leave(), bytesWaiting(proxy)]);
    return [
      { what: 'pose age at the slow one, p95', value: slowMs, unit: 'ms', atMost: 500 },
      { what: 'poses that reached it', value: poses, unit: '', atLeast: 1 },
      { what: "others' p95 grew by", value: disturbedMs - undisturbedMs, unit: 'ms', atMost: 5 },
      { what: 'lost among the others', value: lost, unit: 'packets', atMost: 0 },
      { what: 'waited for the slow one', value: waiting / 1024, unit: 'KiB', atMost: 64 },
    ];
  },
};
