import type { MeetingEvent, MeetingView, SeatedPerson } from '@/lib/core/meeting';

/** The people with `person` on their seat: an older entry of the same person or seat gives way. Ordered by seat. */
function withPerson(people: readonly SeatedPerson[], person: SeatedPerson): SeatedPerson[] {
  const others = people.filter((other) => other.id !== person.id && other.seat !== person.seat);
  return [...others, person].sort((a, b) => a.seat - b.seat);
}

/** The people without `personId` on `seat`; somebody who has sat down elsewhere meanwhile stays. */
function withoutPerson(people: readonly SeatedPerson[], personId: string, seat: number): SeatedPerson[] {
  return people.filter((person) => person.id !== personId || person.seat !== seat);
}

/**
 * What a meeting looks like after an event. Pure: always a new view, or the same where the event changes nothing. Before
 * the first snapshot (`view` null) only a snapshot counts.
 */
export function reduceMeeting(view: MeetingView | null, event: MeetingEvent): MeetingView | null {
  if (event.type === 'snapshot') return event.meeting;
  if (view === null) return null;
  switch (event.type) {
    case 'joined':
    case 'changed':
      return { ...view, people: withPerson(view.people, event.person) };
    case 'left':
      return { ...view, people: withoutPerson(view.people, event.personId, event.seat) };
    case 'spectators':
      return { ...view, spectators: event.count };
    case 'tier':
      return { ...view, tier: event.tier };
    case 'ended':
      return { ...view, endedAt: event.endedAt };
  }
}
