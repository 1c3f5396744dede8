import { parseAvatarRef } from '@/lib/core/avatarRef';
import { endMeeting } from '@/server/services/meetings/endMeeting';
import { MeetingError } from '@/server/services/meetings/meetingError';
import type { MeetingFeeds } from '@/server/services/meetings/meetingFeeds';
import type { StayKeeper } from '@/server/services/meetings/stayKeeper';
import type { MeetingStore, OccupiedMeeting, PresentPerson } from '@/server/store/meetingStore';

/** Most people that are listed. */
const PEOPLE_MAX = 1_000;

/** A person in a meeting, as operators see them. */
interface OverseenPerson {
  readonly id: string;
  /** May be empty for a spectator. */
  readonly name: string;
  /** Null for a spectator. */
  readonly seat: number | null;
  /** ISO time. */
  readonly since: string;
  /** SHA-256 of the custom avatar's file; null for a default avatar. */
  readonly customAvatar: string | null;
}

/** A meeting with somebody in it, as operators see it. */
interface OverseenMeeting {
  readonly id: string;
  readonly title: string;
  readonly seats: number;
  readonly createdAt: string;
  readonly isRecorded: boolean;
  readonly people: readonly OverseenPerson[];
}

const iso = (ms: number) => new Date(ms).toISOString();

function customOf(avatar: string): string | null {
  const ref = parseAvatarRef(avatar);
  return ref?.kind === 'custom' ? ref.sha256 : null;
}

function toPerson({ personId: id, name, seat, joinedAtMs, avatar }: PresentPerson): OverseenPerson {
  return { id, name, seat, since: iso(joinedAtMs), customAvatar: customOf(avatar) };
}

function toMeeting({ id, title, maxParticipants, createdAtMs, isRecorded, people }: OccupiedMeeting): OverseenMeeting {
  return { id, title, seats: maxParticipants, createdAt: iso(createdAtMs), isRecorded, people: people.map(toPerson) };
}

export interface OversightParts {
  readonly store: MeetingStore;
  readonly feeds: MeetingFeeds;
  readonly stays: StayKeeper;
}

/** All meetings of the site, for those who run it. Every method throws StoreError if the database is away. */
export class Oversight {
  constructor(private readonly parts: OversightParts) {}

  /** Meetings with somebody in them, the oldest first. */
  async list(): Promise<readonly OverseenMeeting[]> {
    return (await this.parts.store.occupied(PEOPLE_MAX)).map(toMeeting);
  }

  /** Ends a meeting as its host would. @throws MeetingError `notFound`, `ended` */
  async end(id: string): Promise<void> {
    const { store, feeds } = this.parts;
    await feeds.inTurn(id, async () => {
      const hostTokenHash = await store.hostOf(id);
      if (hostTokenHash === null) throw MeetingError.notFound();
      await endMeeting(this.parts, id, hostTokenHash);
    });
  }

  /** Puts somebody out, who can't come back as the same person. @throws MeetingError `notFound` for somebody who is not there */
  async remove(id: string, personId: string): Promise<void> {
    const { store, feeds, stays } = this.parts;
    await feeds.inTurn(id, async () => {
      const removed = await store.removePerson(id, personId, await stays.settle());
      if (removed.length === 0) throw MeetingError.noSuchPerson();
      await feeds.announceEnded(id, removed, 'left', MeetingError.removed());
    });
  }
}
