import type { Drill } from '../drill';
import { Disturbance } from '../support/disturbance';
import { msUntilAllHeard, wallMs } from '../support/listening';
import { PageFlood } from '../support/pageFlood';

const PAGES_PER_SECOND = 50;
const GETS_PER_SECOND = 20;
const GATHER_MAX_MS = 60_000;

function shown(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([status, count]) => `${count} x ${status}`)
    .join(', ');
}

/** Pages and look-ups are asked for faster than they can be made, while people are in a meeting. */
export const pageFlood: Drill = {
  name: 'page-flood',
  passMark: '50 page requests and 20 look-ups a second: newest pose <= 25 ms old p95, none lost, no reconnection',
  needsServer: false,
  async run(world) {
    const { people, floodMs } = world.scale;
    const meetingId = await world.createMeeting();
    const crowd = await world.crowd({ url: world.url, meetingId, count: people });
    await msUntilAllHeard(crowd.members, people - 1, wallMs(), GATHER_MAX_MS);
    const flood = new PageFlood();
    world.after(() => flood.close());
    const disturbance = new Disturbance(crowd);
    const { pages, gets } = await flood.run({
      pageUrls: [`${world.url}/`, `${world.url}/m/${meetingId}`],
      getUrl: `${world.url}/api/trpc/meeting.get?input=${encodeURIComponent(JSON.stringify({ id: meetingId }))}`,
      pagesPerSecond: PAGES_PER_SECOND,
      getsPerSecond: GETS_PER_SECOND,
      forMs: floodMs,
    });
    const { packets } = disturbance;
    const disturbed = disturbance.end();
    world.say(`  pages: ${shown(pages)}; look-ups: ${shown(gets)}; ${packets} packets`);
    return [
      ...disturbed,
      { what: 'pages shown', value: pages['200'] ?? 0, unit: '', atLeast: 1 },
      { what: 'look-ups answered', value: gets['200'] ?? 0, unit: '', atLeast: 1 },
    ];
  },
};
