import { type Drill, exactly } from '../drill';
import { AgeMeter } from '../support/ageMeter';
import { msUntilAllHeard, wallMs } from '../support/listening';
import { PageFlood } from '../support/pageFlood';

const PAGES_PER_SECOND = 50;
const GETS_PER_SECOND = 20;
const AGE_MAX_MS = 25;
const GATHER_MAX_MS = 60_000;

function shown(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([status, count]) => `${count} x ${status}`)
    .join(', ');
}

/** Pages and look-ups are asked for faster than they can be made, while people are in a meeting. */
export const pageFlood: Drill = {
  name: 'page-flood',
  passMark:
    '50 page requests and 20 look-ups a second: newest pose of a packet <= 25 ms old, p95, none lost, no reconnection',
  needsServer: false,
  async run(world) {
    const { people, floodMs } = world.scale;
    const meetingId = await world.createMeeting();
    const crowd = await world.crowd({ url: world.url, meetingId, count: people });
    await msUntilAllHeard(crowd.members, people - 1, wallMs(), GATHER_MAX_MS);
    const flood = new PageFlood();
    world.after(() => flood.close());
    const lostBefore = crowd.lost();
    const reconnectsBefore = crowd.reconnects();
    const meter = new AgeMeter(crowd.bots, crowd.bots, true);
    const { pages, gets } = await flood.run({
      pageUrls: [`${world.url}/`, `${world.url}/m/${meetingId}`],
      getUrl: `${world.url}/api/trpc/meeting.get?input=${encodeURIComponent(JSON.stringify({ id: meetingId }))}`,
      pagesPerSecond: PAGES_PER_SECOND,
      getsPerSecond: GETS_PER_SECOND,
      forMs: floodMs,
    });
    const poses = meter.count;
    const ageP95Ms = meter.endP95Ms();
    world.say(`  pages: ${shown(pages)}; look-ups: ${shown(gets)}; ${poses} packets`);
    return [
      { what: 'age of newest pose, p95', value: ageP95Ms, unit: 'ms', atMost: AGE_MAX_MS },
      { what: 'packets lost', value: crowd.lost() - lostBefore, unit: '', loadDependent: true, ...exactly(0) },
      { what: 'reconnections', value: crowd.reconnects() - reconnectsBefore, unit: '', ...exactly(0) },
      { what: 'pages shown', value: pages['200'] ?? 0, unit: '', atLeast: 1 },
      { what: 'look-ups answered', value: gets['200'] ?? 0, unit: '', atLeast: 1 },
    ];
  },
};
