import type { Clock } from '@/lib/core/clock';
import type { MeetingStore } from '@/server/store/meetingStore';
import type { MeetingFeeds } from './meetingFeeds';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A meeting ends once it has been empty for this long. */
const IDLE_MAX_MS = DAY_MS;

export interface RetentionParts {
  readonly store: MeetingStore;
  readonly feeds: MeetingFeeds;
  /** Milliseconds since the Unix epoch. */
  readonly clock: Clock;
  /** Days that ended meetings, and the names of people who were in them, are kept. */
  readonly days: number;
}

/** Ends unused meetings, and deletes those that ended long ago, which frees their ids. */
export class Retention {
  constructor(private readonly parts: RetentionParts) {}

  /** One round. @throws StoreError */
  async tidy(): Promise<void> {
    const { store, clock, days } = this.parts;
    const nowMs = clock.nowMs();
    const sinceMs = nowMs - IDLE_MAX_MS;
    for (const id of await store.idleMeetings(sinceMs)) await this.endIdle(id, sinceMs, nowMs);
    await store.forget(nowMs - days * DAY_MS);
  }

  private endIdle(id: string, sinceMs: number, nowMs: number): Promise<void> {
    const { store, feeds } = this.parts;
    return feeds.inTurn(id, async () => {
      if (await store.endIdle(id, sinceMs, nowMs)) feeds.announceEnd(id, nowMs);
    });
  }
}
