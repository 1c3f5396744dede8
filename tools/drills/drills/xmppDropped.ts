import { type Drill, exactly } from '../drill';
import { msUntil, msUntilAllHeard, wallMs } from '../support/listening';
import { PoseGapWatch } from '../support/poseGaps';
import { gather, idOf } from './meeting';

const RESUMED_MAX_MS = 5_000;
const WAIT_MAX_MS = 30_000;
/** Several pose periods, and a stall of a browser that draws on the CPU. */
const GAP_MAX_MS = 1_000;

/** The page's XMPP socket breaks; its bridge channel lives on. */
export const xmppDropped: Drill = {
  name: 'xmpp-dropped',
  passMark: 'poses go on; resumed <= 5 s; no duplicate avatar',
  needsServer: false,
  async run(world) {
    const proxy = await world.proxy();
    const people = world.scale.people - 1;
    const { page, crowd, others, meetingId } = await gather(world, { pageUrl: proxy.url, people });
    const gaps = new PoseGapWatch(crowd.members[0]!, await idOf(page));
    const [sinceMs, openedMs] = [wallMs(), performance.now()];
    proxy.cut('xmpp');
    await msUntil('a new XMPP socket', () => proxy.openedSince('xmpp', openedMs) > 0, WAIT_MAX_MS);
    // Only who has a roster again hears somebody who comes now.
    const late = await world.crowd({ url: world.url, meetingId, count: 1, namePrefix: 'Late' });
    const [resumedMs] = await msUntilAllHeard([page], others + 1, sinceMs, WAIT_MAX_MS);
    const gapMs = await gaps.end();
    const lost = (await page.moments()).filter(
      ({ atMs, connection }) => atMs > sinceMs && connection !== 'live',
    ).length;
    return [
      { what: 'longest pause of its poses', value: gapMs, unit: 'ms', atMost: GAP_MAX_MS },
      { what: 'hears a newcomer', value: resumedMs!, unit: 'ms', atMost: RESUMED_MAX_MS },
      { what: 'left and came back', value: lost, unit: 'times', ...exactly(0) },
      { what: 'most others in the page', value: await page.mostOthers(), unit: 'people', ...exactly(others + 1) },
      {
        what: 'others at the newcomer',
        value: late.bots[0]!.stats().others.length,
        unit: 'people',
        ...exactly(others + 1),
      },
    ];
  },
};
