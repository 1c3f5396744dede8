import { setTimeout as sleep } from 'node:timers/promises';
import { madeClip } from '@/tests/e2e/support/madeClip';
import type { Drill } from '../drill';
import { msUntil, msUntilAllHeard, wallMs } from '../support/listening';
import type { PageParticipant } from '../support/pageParticipant';
import { POP_RECORDER, type PopReading } from '../support/popRecorder';

const STALL_MS = 400;
const STALLS = 5;
const BETWEEN_MS = 2_500;
const CLIP = '/clips/turn.bvh';
/** Else nobody has moved, and nothing could pop. */
const TURNED_MIN_DEG = 90;
const WAIT_MAX_MS = 60_000;
/** Delay counts as back when it is this close to what it was. */
const DELAY_SLACK_MS = 30;

async function delayMs(page: PageParticipant): Promise<number> {
  return (await page.stats()).participants[0]?.playoutDelayMs ?? Number.NaN;
}

/** The network holds everything back for 400 ms, several times, and lets it go at once. */
export const stalls: Drill = {
  name: 'stalls-400ms',
  passMark: 'no pop > 5 cm or 10 degrees; playout delay back <= 1 s',
  needsServer: false,
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
      // The stall shows in the delay only once its packets have come.
      await sleep(100);
      backMs.push(100 + (await msUntil('the delay is back', isBack, WAIT_MAX_MS)));
      await sleep(BETWEEN_MS);
    }
    const pops = await watcher.evaluate<PopReading>('globalThis.drillPops.read()');
    world.say(`  ${pops.frames} frames drawn; playout delay before ${before.toFixed(0)} ms`);
    return [
      { what: 'the most turned bone turned', value: pops.turnedDeg, unit: 'deg', atLeast: TURNED_MIN_DEG },
      { what: 'largest pop of a bone', value: pops.largestDeg, unit: 'deg', atMost: 10 },
      { what: 'largest pop of the hips', value: pops.largestCm, unit: 'cm', atMost: 5 },
      { what: 'playout delay back, slowest', value: Math.max(...backMs), unit: 'ms', atMost: 1_000 },
    ];
  },
};
