import type { MeetingEvent, MeetingView, RecordingEvent, SeatedPerson } from '@/lib/core/meeting';

/** The people with `person` added, replacing an entry of the same person or seat. Ordered by seat. */
function withPerson(people: readonly SeatedPerson[], person: SeatedPerson): SeatedPerson[] {
  const others = people.filter((other) => other.id !== person.id && other.seat !== person.seat);
  return [...others, person].sort((a, b) => a.seat - b.seat);
}

/** The people without `personId` on `seat`; the same person on another seat stays. */
function withoutPerson(people: readonly SeatedPerson[], personId: string, seat: number): SeatedPerson[] {
  return people.filter((person) => person.id !== personId || person.seat !== seat);
}

/** The view after what has become of a recording; that of an earlier one does not end the running one. */
function withRecording(view: MeetingView, { change, recording }: RecordingEvent): MeetingView {
  if (change === 'started') return { ...view, recording };
  return view.recording?.id === recording.id ? { ...view, recording: null } : view;
}

/**
 * The meeting after an event. Pure: returns a new view, or the same one if the event changes nothing. Before the first
 * snapshot (`view` null) only a snapshot counts.
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
    case 'recording':
      return withRecording(view, event);
    case 'ended':
      return { ...view, endedAt: event.endedAt };
  }
}
