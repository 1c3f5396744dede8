import type { Clock } from '@/lib/core/clock';
import type { IdleSince, MeetingStore } from '@/server/store/meetingStore';
import type { MeetingFeeds } from './meetingFeeds';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A meeting that people were in ends once it has been empty for this long. */
const IDLE_MAX_MS = DAY_MS;

export interface RetentionParts {
  readonly store: MeetingStore;
  readonly feeds: MeetingFeeds;
  /** Milliseconds since the Unix epoch. */
  readonly clock: Clock;
  /** Days that ended meetings, and the names of people who were in them, are kept; and meetings that nobody has entered. */
  readonly days: number;
}

/** Ends unused meetings, and deletes those that ended long ago, which frees their ids. */
export class Retention {
  constructor(private readonly parts: RetentionParts) {}

  /** One round. @throws StoreError */
  async tidy(): Promise<void> {
    const { store, clock, days } = this.parts;
    const nowMs = clock.nowMs();
    const keptMs = nowMs - days * DAY_MS;
    const since: IdleSince = { leftMs: nowMs - IDLE_MAX_MS, createdMs: keptMs };
    for (const id of await store.idleMeetings(since)) await this.endIdle(id, since, nowMs);
    await store.forget(keptMs);
  }

  private endIdle(id: string, since: IdleSince, nowMs: number): Promise<void> {
    const { store, feeds } = this.parts;
    return feeds.inTurn(id, async () => {
      if (await store.endIdle(id, since, nowMs)) feeds.announceEnd(id, nowMs);
    });
  }
}
