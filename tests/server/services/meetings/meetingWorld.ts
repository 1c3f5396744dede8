import type { ClientReport, JoinGrant, MeetingEvent, TierName } from '@/lib/core/meeting';
import type { RecordingDefaults } from '@/server/services/meetings/joinRules';
import { MeetingFeeds } from '@/server/services/meetings/meetingFeeds';
import type { Caller } from '@/server/services/meetings/meetingService';
import { type JoinInput, MeetingService } from '@/server/services/meetings/meetingService';
import { StayKeeper } from '@/server/services/meetings/stayKeeper';
import { RateLimits } from '@/server/services/rateLimits';
import { HUB_PLACE, jitsiCoordinates } from '@/server/services/tokens/jitsiCoordinates';
import type { MeetingStore } from '@/server/store/meetingStore';
import { ManualClock } from '@/tests/support/manualClock';

export const START_MS = Date.UTC(2030, 0, 1);

const SWEPT_EVERY_MS = 500;

interface WorldOptions {
  readonly bestTier?: TierName;
  readonly recordings?: RecordingDefaults;
  readonly watchMax?: number;
  readonly isDraining?: () => boolean;
  readonly requireAvatar?: (avatar: string) => Promise<void>;
  /** When the server starts, ms since the Unix epoch. */
  readonly startMs?: number;
}

/** A meeting service on a given store, with manual clocks. */
export function createWorld(
  store: MeetingStore,
  {
    bestTier = 'high',
    requireAvatar = async () => {},
    startMs = START_MS,
    watchMax = 200,
    recordings = { mode: 'on', consent: 'tell' },
    isDraining = () => false,
  }: WorldOptions = {},
) {
  const clock = new ManualClock();
  const wall = new ManualClock(startMs);
  const stays = new StayKeeper({ store, wall, steady: clock });
  const feeds = new MeetingFeeds(store, bestTier, (error) => {
    throw error;
  });
  const faults: string[] = [];
  const joins: string[] = [];
  const reports: ClientReport[] = [];
  const limits = new RateLimits(clock);
  const meetings = new MeetingService({
    store,
    feeds,
    stays,
    limits,
    requireAvatar,
    maxParticipants: 16,
    watchMax,
    bandwidthMaxBps: 1_500_000,
    recordings,
    isDraining,
    issueToken: async ({ room: name, personId, role, stayId }) => `token ${name} ${personId} ${role} ${stayId}`,
    coordinates: (origin, id) => jitsiCoordinates({ ...HUB_PLACE, url: origin }, id),
    meter: { joined: (result) => joins.push(result), reported: (report) => reports.push(report) },
    noteFault: (fault, said) => faults.push(`${fault}: ${said}`),
  });
  let callers = 0;
  /** A new caller each time, so that no rate limit gets in the way. */
  const caller = (): Caller => {
    callers += 1;
    return { ip: `10.0.${callers >> 8}.${callers & 255}`, origin: 'http://site' };
  };
  const create = async (maxParticipants?: number) => meetings.create({ maxParticipants }, caller());
  const join = (id: string, changes: Partial<JoinInput> = {}): Promise<JoinGrant> =>
    meetings.join({ id, role: 'participant', name: 'Ada', ...changes }, caller());
  /** Lets time pass as it does for a server that is well: it sweeps all the time. */
  const pass = async (deltaMs: number) => {
    for (let leftMs = deltaMs; leftMs > 0; leftMs -= SWEPT_EVERY_MS) {
      pause(Math.min(leftMs, SWEPT_EVERY_MS));
      await meetings.sweep();
    }
  };
  /** Lets time pass as it does for a server that stands still. */
  const pause = (deltaMs: number) => {
    clock.advance(deltaMs);
    wall.advance(deltaMs);
  };
  return { clock, wall, stays, feeds, limits, meetings, faults, joins, reports, caller, create, join, pass, pause };
}

/** Reads an event stream step by step. */
export class EventReader {
  private readonly stop = new AbortController();
  private readonly events: AsyncGenerator<MeetingEvent, void, void>;

  constructor(world: ReturnType<typeof createWorld>, input: { id: string; stayToken?: string }) {
    this.events = world.meetings.watch(input, world.caller(), this.stop.signal);
  }

  /** The next event, or null after the last. */
  async next(): Promise<MeetingEvent | null> {
    const { done, value } = await this.events.next();
    return done ? null : value;
  }

  /** The next `count` events. */
  async take(count: number): Promise<(MeetingEvent | null)[]> {
    const events: (MeetingEvent | null)[] = [];
    for (let index = 0; index < count; index += 1) events.push(await this.next());
    return events;
  }

  /** Drops the reader's connection. */
  async drop(): Promise<void> {
    this.stop.abort();
    await this.events.return();
  }
}
