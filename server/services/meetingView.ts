import type { MeetingView, SeatedPerson, TierName } from '@/lib/core/meeting';
import { tierForSeated } from '@/lib/quality/tiers';
import type { MeetingState, SeatedRecord } from '@/server/store/meetingStore';

/** One person on a seat, as everybody may see them. */
export function toPerson(record: SeatedRecord): SeatedPerson {
  return { id: record.personId, name: record.name, avatar: record.avatar, seat: record.seat };
}

/** A meeting as everybody may see it. `best` is the best tier the operator lets it begin with. */
export function toView(state: MeetingState, best: TierName): MeetingView {
  return {
    id: state.id,
    title: state.title,
    maxParticipants: state.maxParticipants,
    createdAt: new Date(state.createdAtMs).toISOString(),
    endedAt: state.endedAtMs === null ? null : new Date(state.endedAtMs).toISOString(),
    people: state.seated.map(toPerson),
    spectators: state.spectators,
    tier: tierForSeated(state.seated.length, best),
  };
}
