import type { MeetingView } from '@/lib/core/meeting';
import type { SessionSnapshot } from './sessionContract';
import { sessionFailureOf } from './sessionFailure';

/** What is known of a meeting before joining: the meeting, or why there is none; both if it has ended. */
export type MeetingLookup = Pick<SessionSnapshot, 'meeting' | 'failure'>;

/** Asks the API for a meeting by `get`. Never rejects. */
export async function lookUp(get: () => Promise<MeetingView>): Promise<MeetingLookup> {
  try {
    const meeting = await get();
    return { meeting, failure: meeting.endedAt ? { reason: 'ended' } : null };
  } catch (error) {
    return { meeting: null, failure: sessionFailureOf(error) };
  }
}
