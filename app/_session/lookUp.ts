import type { ParleyClient } from '@/lib/api';
import type { SessionSnapshot } from './sessionContract';
import { sessionFailureOf } from './sessionFailure';

/** What there is to see of a meeting before one joins: the meeting, or why there is none; both where it has ended. */
export type MeetingLookup = Pick<SessionSnapshot, 'meeting' | 'failure'>;

/** Asks the API for a meeting. Never rejects. */
export async function lookUp(client: ParleyClient, meetingId: string): Promise<MeetingLookup> {
  try {
    const meeting = await client.meeting.get({ id: meetingId });
    return { meeting, failure: meeting.endedAt ? { reason: 'ended' } : null };
  } catch (error) {
    return { meeting: null, failure: sessionFailureOf(error) };
  }
}
