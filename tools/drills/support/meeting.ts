import type { Crowd, CrowdMember } from './crowd';
import type { DrillWorld } from './drillWorld';
import { type Listener, msUntilAllHeard, wallMs } from './listening';
import type { PageOptions, PageParticipant } from './pageParticipant';

const GATHER_MAX_MS = 60_000;

/** A running meeting: headless participants and one page, each of which hears all the others. */
export interface FullMeeting {
  readonly meetingId: string;
  readonly crowd: Crowd;
  readonly page: PageParticipant;
  readonly listeners: readonly Listener[];
  /** Number of others for each of them. */
  readonly others: number;
}

export interface FullMeetingOptions {
  /** Where the page is opened, such as a proxy's address. */
  readonly pageUrl?: string;
  /** Where the headless participants join. */
  readonly crowdUrl?: string;
  readonly people?: number;
  readonly page?: Partial<PageOptions>;
}

/** Fills a meeting and waits until all hear all others. */
export async function gather(world: DrillWorld, options: FullMeetingOptions = {}): Promise<FullMeeting> {
  const { people = world.scale.people, crowdUrl = world.url, pageUrl = crowdUrl } = options;
  const meetingId = await world.createMeeting(crowdUrl);
  const page = await world.page({ url: pageUrl, meetingId, name: 'Page', ...options.page });
  const crowd = await world.crowd({ url: crowdUrl, meetingId, count: people - 1 });
  const listeners = [page, ...crowd.members];
  await msUntilAllHeard(listeners, people - 1, wallMs(), GATHER_MAX_MS);
  return { meetingId, crowd, page, listeners, others: people - 1 };
}

/** The person id of the page. */
export async function idOf(page: PageParticipant): Promise<string> {
  return (await page.stats()).self!.id;
}

/** Milliseconds from `sinceMs` until each of `members` has heard `personId` again. */
export async function msUntilHeardBy(
  members: readonly CrowdMember[],
  personId: string,
  sinceMs: number,
  timeoutMs: number,
): Promise<number> {
  const only = members.map(
    (member): Listener => ({
      name: member.name,
      lastHeardMs: async () => new Map([...(await member.lastHeardMs())].filter(([id]) => id === personId)),
    }),
  );
  return Math.max(...(await msUntilAllHeard(only, 1, sinceMs, timeoutMs)));
}
