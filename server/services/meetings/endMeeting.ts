import type { MeetingView } from '@/lib/core/meeting';
import type { MeetingStore } from '@/server/store/meetingStore';
import { MeetingError } from './meetingError';
import type { MeetingFeeds } from './meetingFeeds';
import type { StayKeeper } from './stayKeeper';

interface EndingParts {
  readonly store: Pick<MeetingStore, 'endMeeting'>;
  readonly feeds: MeetingFeeds;
  readonly stays: Pick<StayKeeper, 'nowMs'>;
}

/**
 * Ends a meeting for everyone, who are told. Call inside `MeetingFeeds.inTurn`.
 * @throws MeetingError `notFound`, `forbidden` unless the hash is that of the host's token, `ended`
 */
export async function endMeeting(
  { store, feeds, stays }: EndingParts,
  id: string,
  hostTokenHash: string,
): Promise<MeetingView> {
  const outcome = await store.endMeeting(id, hostTokenHash, stays.nowMs());
  if (outcome.kind === 'notFound') throw MeetingError.notFound();
  if (outcome.kind === 'forbidden') throw MeetingError.forbidden();
  if (outcome.kind === 'alreadyEnded') throw MeetingError.ended();
  feeds.announceEnd(id, outcome.endedAtMs);
  return feeds.view(id);
}
