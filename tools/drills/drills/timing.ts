import { setTimeout as sleep } from 'node:timers/promises';
import { madeClip } from '@/tests/e2e/support/madeClip';
import { median } from '@/tools/statistics';
import { type Drill, exactly } from '../drill';
import type { NetworkProxy } from '../network/networkProxy';
import { AgeMeter } from '../support/ageMeter';
import type { Crowd } from '../support/crowd';
import type { DrillWorld } from '../support/drillWorld';
import { msUntil, msUntilAllHeard, wallMs } from '../support/listening';
import type { PageParticipant } from '../support/pageParticipant';

/** The largest jumps between two rendered frames, beyond what the motion itself explains. */
interface PopReading {
  readonly largestDeg: number;
  readonly largestCm: number;
  readonly frames: number;
  /** Total turn of the bone that turned most: a still person proves nothing. */
  readonly turnedDeg: number;
}

/** Speed of the fastest bone and of the hips in the clip, plus half of it to catch up. */
const FASTEST_DEG_PER_S = 75;
const FASTEST_CM_PER_S = 10;

/** Records in a page, frame by frame, jumps of the first other person's bones (local) and hips. */
const POP_RECORDER = `(() => {
  let largestDeg = 0;
  let largestCm = 0;
  let frames = 0;
  let last = null;
  const turned = new Map();
  const angleDeg = (a, b, bone) => {
    let dot = 0;
    for (let axis = 0; axis < 4; axis += 1) dot += a[bone * 4 + axis] * b[bone * 4 + axis];
    return (2 * Math.acos(Math.min(1, Math.abs(dot))) * 180) / Math.PI;
  };
  const look = (nowMs) => {
    requestAnimationFrame(look);
    const person = globalThis.parley?.stats().participants[0];
    if (!person || person.bones.length === 0) return;
    const now = { atMs: nowMs, bones: person.bones, hips: person.hips };
    if (last) {
      frames += 1;
      const seconds = (now.atMs - last.atMs) / 1000;
      for (let bone = 0; bone < now.bones.length / 4; bone += 1) {
        const angle = angleDeg(now.bones, last.bones, bone);
        turned.set(bone, (turned.get(bone) ?? 0) + angle);
        largestDeg = Math.max(largestDeg, angle - seconds * ${FASTEST_DEG_PER_S});
      }
      const moved = 100 * Math.hypot(...now.hips.map((value, axis) => value - last.hips[axis]));
      largestCm = Math.max(largestCm, moved - seconds * ${FASTEST_CM_PER_S});
    }
    last = now;
  };
  globalThis.drillPops = {
    start: () => requestAnimationFrame(look),
    read: () => ({ largestDeg, largestCm, frames, turnedDeg: Math.max(0, ...turned.values()) }),
  };
})();`;

const STALL_MS = 400;
const STALLS = 5;
const BETWEEN_MS = 2_500;
const CLIP = '/clips/turn.bvh';
/** With less motion nothing could pop. */
const TURNED_MIN_DEG = 90;
const WAIT_MAX_MS = 60_000;
/** The delay is back when it is this close to what it was. */
const DELAY_SLACK_MS = 30;

async function delayMs(page: PageParticipant): Promise<number> {
  return (await page.stats()).participants[0]?.playoutDelayMs ?? Number.NaN;
}

/** The network holds all data back for 400 ms, several times, and releases it at once. */
export const stalls: Drill = {
  name: 'stalls-400ms',
  passMark: 'no pop > 5 cm or 10 degrees; playout delay back <= 1 s',
  needsServer: false,
  measuresDrawing: true,
  async run(world) {
    const meetingId = await world.createMeeting();
    const proxy = await world.proxy();
    const motion = { path: CLIP, clip: madeClip() };
    const mover = await world.page({ url: world.url, meetingId, name: 'Mover', motion });
    const watcher = await world.page({ url: proxy.url, meetingId, name: 'Watcher', initScript: POP_RECORDER });
    await msUntilAllHeard([mover, watcher], 1, wallMs(), WAIT_MAX_MS);
    await sleep(world.scale.steadyMs);
    const before = await delayMs(watcher);
    await watcher.evaluate('globalThis.drillPops.start()');
    const backMs: number[] = [];
    for (let stall = 0; stall < STALLS; stall += 1) {
      proxy.setStalled(true);
      await sleep(STALL_MS);
      proxy.setStalled(false);
      const isBack = async () => (await delayMs(watcher)) <= before + DELAY_SLACK_MS;
      // The delay grows only when the packets of the stall arrive.
      await sleep(100);
      backMs.push(100 + (await msUntil('the delay is back', isBack, WAIT_MAX_MS)));
      await sleep(BETWEEN_MS);
    }
    const pops = await watcher.evaluate<PopReading>('globalThis.drillPops.read()');
    world.say(`  ${pops.frames} frames drawn; playout delay before ${before.toFixed(0)} ms`);
    return [
      { what: 'turn of the bone that turned most', value: pops.turnedDeg, unit: 'deg', atLeast: TURNED_MIN_DEG },
      { what: 'largest pop of a bone', value: pops.largestDeg, unit: 'deg', atMost: 10 },
      { what: 'largest pop of the hips', value: pops.largestCm, unit: 'cm', atMost: 5 },
      { what: 'playout delay back, slowest', value: Math.max(...backMs), unit: 'ms', atMost: 1_000 },
    ];
  },
};

const SKEW_MS = 300_000;
/** Difference between pages that draw on the CPU. */
const OLDER_MAX_MS = 250;
const LOOKS = 12;

/** Sets the page's clocks wrong by `skewMs`: `Date` and the origin of `performance`. */
const skewClock = (skewMs: number) => `(() => {
  const Right = Date;
  const Wrong = class extends Right {
    constructor(...given) { given.length === 0 ? super(Right.now() + ${skewMs}) : super(...given); }
    static now() { return Right.now() + ${skewMs}; }
  };
  globalThis.Date = Wrong;
  const originMs = performance.timeOrigin;
  Object.defineProperty(performance, 'timeOrigin', { get: () => originMs + ${skewMs} });
})();`;

async function oldestPoseMs(page: PageParticipant): Promise<number> {
  return Math.max(...(await page.stats()).participants.map(({ poseAgeMs }) => poseAgeMs));
}

async function leaves(page: PageParticipant): Promise<number> {
  return (await page.moments()).filter(({ connection }) => connection === 'reconnecting').length;
}

/** Median, over `forMs`, of the age of the oldest pose that a page draws. */
async function usualAgeMs(page: PageParticipant, forMs: number): Promise<number> {
  const ages: number[] = [];
  for (let look = 0; look < LOOKS; look += 1) {
    ages.push(await oldestPoseMs(page));
    await sleep(forMs / LOOKS);
  }
  return median(ages);
}

/** A page whose clock is slow and one whose clock is fast, compared with one whose clock is right. */
export const clockSkew: Drill = {
  name: 'clock-skew',
  passMark: 'no effect: all heard, poses at most 250 ms older than with a right clock, no reconnection',
  needsServer: false,
  measuresDrawing: true,
  async run(world) {
    const meetingId = await world.createMeeting();
    const page = (name: string, skewMs: number) =>
      world.page({ url: world.url, meetingId, name, initScript: skewClock(skewMs) });
    const right = await page('Right', 0);
    const early = await page('Early', -SKEW_MS);
    const late = await page('Late', SKEW_MS);
    await msUntilAllHeard([right, early, late], 2, wallMs(), WAIT_MAX_MS);
    const ages = await Promise.all([right, early, late].map((one) => usualAgeMs(one, world.scale.steadyMs)));
    const [rightMs = Number.NaN, earlyMs = Number.NaN, lateMs = Number.NaN] = ages;
    return [
      { what: '5 min early: poses drawn older by', value: earlyMs - rightMs, unit: 'ms', atMost: OLDER_MAX_MS },
      { what: '5 min late: poses drawn older by', value: lateMs - rightMs, unit: 'ms', atMost: OLDER_MAX_MS },
      { what: 'reconnections', value: (await leaves(early)) + (await leaves(late)), unit: '', ...exactly(0) },
    ];
  },
};

const SLOW_BITS_PER_S = 64_000;
const SLOW_AGE_MAX_MS = 400;
const GATHER_MAX_MS = 60_000;
/** Until the hub has measured the path. */
const SETTLING_MS = 3_000;
const QUIET_MS = 2_000;
/** Keep-alives continue: fewer bytes than this in that time are no backlog. */
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

/** p95 of the age of the newest poses among `crowd` in the next `forMs`. */
async function mutualP95Ms({ bots }: Crowd, forMs: number): Promise<number> {
  const meter = new AgeMeter(bots, bots);
  await sleep(forMs);
  return meter.endP95Ms();
}

/** The same for a crowd without a slow receiver, which leaves afterwards. */
async function undisturbedP95Ms(world: DrillWorld, count: number): Promise<number> {
  const { crowd } = await crowdOf(world, count);
  const p95Ms = await mutualP95Ms(crowd, world.scale.steadyMs);
  await crowd.leave();
  return p95Ms;
}

/** Bytes that still arrive on the slow channel after all have stopped sending: the backlog. */
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

/** One receiver has 64 kbit/s, a sixth of what the others send to it. */
export const slowReceiver: Drill = {
  name: 'slow-receiver',
  passMark: "receiver at 64 kbps: newest pose <= 400 ms old p95; others' p95 + <= 5 ms; buffer <= 64 KiB",
  needsServer: false,
  async run(world) {
    const count = world.scale.people - 1;
    const undisturbedMs = await undisturbedP95Ms(world, count);
    const { crowd, meetingId } = await crowdOf(world, count);
    const proxy = await world.proxy();
    const slow = await world.crowd({ url: proxy.url, meetingId, count: 1, namePrefix: 'Slow' });
    proxy.throttle(SLOW_BITS_PER_S);
    await sleep(SETTLING_MS);
    const lostBefore = crowd.lost();
    const slowMeter = new AgeMeter(slow.bots, crowd.bots);
    const disturbedMs = await mutualP95Ms(crowd, world.scale.steadyMs);
    const packets = slowMeter.count;
    const slowMs = slowMeter.endP95Ms();
    const lost = crowd.lost() - lostBefore;
    const [, waiting] = await Promise.all([crowd.leave(), bytesWaiting(proxy)]);
    return [
      { what: 'age of newest pose at the slow receiver, p95', value: slowMs, unit: 'ms', atMost: SLOW_AGE_MAX_MS },
      { what: 'packets that it received', value: packets, unit: '', atLeast: 1 },
      { what: "others' p95 grew by", value: disturbedMs - undisturbedMs, unit: 'ms', atMost: 5 },
      { what: 'lost between the others', value: lost, unit: 'packets', loadDependent: true, ...exactly(0) },
      { what: 'backlog of the slow receiver', value: waiting / 1024, unit: 'KiB', atMost: 64 },
    ];
  },
};
