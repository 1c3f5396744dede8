import { setTimeout as sleep } from 'node:timers/promises';
import { median } from '@/tools/statistics';

import { type Drill, exactly } from '../drill';
import { msUntilAllHeard, wallMs } from '../support/listening';
import type { PageParticipant } from '../support/pageParticipant';

const SKEW_MS = 300_000;
/** What pages that draw on the CPU differ by anyway. */
const OLDER_MAX_MS = 250;
const LOOKS = 12;
const WAIT_MAX_MS = 60_000;

/** Puts the page's clocks wrong by so much: `Date`, and where `performance` begins. */
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

/** The middle, over `forMs`, of the age of the oldest pose that a page draws. */
async function usualAgeMs(page: PageParticipant, forMs: number): Promise<number> {
  const ages: number[] = [];
  for (let look = 0; look < LOOKS; look += 1) {
    ages.push(await oldestPoseMs(page));
    await sleep(forMs / LOOKS);
  }
  return median(ages);
}

/** A page whose clock is early and one whose clock is late, beside one whose clock is right. */
export const clockSkew: Drill = {
  name: 'clock-skew',
  passMark: 'no effect: all heard, poses no older than at a page whose clock is right (+ <= 250 ms), no reconnection',
  needsServer: false,
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
