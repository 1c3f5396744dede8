import type { MeetingView } from '@/lib/core/meeting';
import type { SessionSnapshot } from './sessionContract';

/** Oneself as the meeting has it now; as before where one watches, or isn't in the list for the moment. */
export function selfIn(meeting: MeetingView, self: SessionSnapshot['self']): SessionSnapshot['self'] {
  if (self?.role !== 'participant') return self;
  const person = meeting.people.find(({ id }) => id === self.id);
  return person ? { ...person, role: 'participant' } : self;
}
