import type { MeetingEvent } from '@/lib/core/meeting';
import type { Follower } from '@/server/services/meetingFeeds';
import type { MeetingRoom } from '@/server/services/meetingRoom';

/** The follower's events until the meeting or the stay is over or `signal` aborts; a slow reader gets a new snapshot. */
export async function* readEvents(
  room: MeetingRoom,
  meetingId: string,
  follower: Follower,
  signal?: AbortSignal,
): AsyncGenerator<MeetingEvent, void, void> {
  for (;;) {
    const mail = await follower.mailbox.take(signal);
    if (mail.kind === 'over') return;
    if (mail.kind === 'behind') await room.catchUp(meetingId, follower);
    else yield mail.message;
  }
}
