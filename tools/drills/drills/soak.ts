import { setTimeout as sleep } from 'node:timers/promises';
import { type Drill, exactly } from '../drill';
import { msUntilAllHeard, wallMs } from '../support/listening';
import type { PageParticipant } from '../support/pageParticipant';

const WAIT_MAX_MS = 120_000;
const LOOK_MS = 20_000;
/** Part of the heap by which it may have grown: what engines keep of compiled code, not what a meeting leaves behind. */
const GROWTH_MAX_PERCENT = 10;

/** The smallest heap in the first minute, or the tenth part of a shorter soak, and in the last one. */
async function heaps(page: PageParticipant, soakMs: number): Promise<{ firstBytes: number; lastBytes: number }> {
  const spanMs = Math.min(60_000, soakMs / 4);
  const lookMs = Math.min(LOOK_MS, spanMs / 2);
  const least = async () => {
    const bytes: number[] = [];
    for (let passedMs = 0; passedMs < spanMs; passedMs += lookMs) {
      bytes.push(await page.heapBytes());
      await sleep(lookMs);
    }
    return Math.min(...bytes);
  };
  const firstBytes = await least();
  await sleep(soakMs - 2 * spanMs);
  return { firstBytes, lastBytes: await least() };
}

/** Three pages are left open. */
export const soak: Drill = {
  name: 'soak',
  passMark: 'three pages, 10 minutes: no reconnection, no growing heap',
  needsServer: false,
  async run(world) {
    const meetingId = await world.createMeeting();
    const pages: PageParticipant[] = [];
    for (const name of ['One', 'Two', 'Three']) pages.push(await world.page({ url: world.url, meetingId, name }));
    await msUntilAllHeard(pages, 2, wallMs(), WAIT_MAX_MS);
    const measured = await Promise.all(pages.map((page) => heaps(page, world.scale.soakMs)));
    const growth = measured.map(({ firstBytes, lastBytes }) => (100 * (lastBytes - firstBytes)) / firstBytes);
    for (const { firstBytes, lastBytes } of measured) {
      world.say(`  heap ${(firstBytes / 1e6).toFixed(2)} MB -> ${(lastBytes / 1e6).toFixed(2)} MB`);
    }
    const moments = (await Promise.all(pages.map((page) => page.moments()))).flat();
    const reconnections = moments.filter(({ connection }) => connection === 'reconnecting').length;
    const heardMs = await msUntilAllHeard(pages, 2, wallMs(), WAIT_MAX_MS);
    return [
      { what: 'reconnections', value: reconnections, unit: '', ...exactly(0) },
      { what: 'heap grew by at most', value: Math.max(...growth), unit: '%', atMost: GROWTH_MAX_PERCENT },
      { what: 'all heard at the end', value: Math.max(...heardMs), unit: 'ms', atMost: 2_000 },
    ];
  },
};
