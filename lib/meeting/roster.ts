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

/** Whether an event tells the end of an earlier recording than the one that is being made, or of one whose end is known. */
function isOfAnother({ recording }: MeetingView, event: RecordingEvent): boolean {
  return event.change !== 'started' && recording?.id !== event.recording.id;
}

/** The view after what has become of its recording. */
function withRecording({ recordingEnd: _, ...view }: MeetingView, event: RecordingEvent): MeetingView {
  const { recording } = event;
  if (event.change === 'started') return { ...view, recording };
  const recordingEnd = event.change === 'failed' ? event.failure : event.limit;
  return { ...view, recording: null, ...(recordingEnd && { recordingEnd }) };
}

/** The people with a seat after an event. Pure: returns new people, or the same ones if the event changes none. */
export function reducePeople(people: readonly SeatedPerson[], event: MeetingEvent): readonly SeatedPerson[] {
  switch (event.type) {
    case 'snapshot':
      return event.meeting.people;
    case 'joined':
    case 'changed':
      return withPerson(people, event.person);
    case 'left':
      return withoutPerson(people, event.personId, event.seat);
    default:
      return people;
  }
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
    case 'left':
      return { ...view, people: reducePeople(view.people, event) };
    case 'spectators':
      return { ...view, spectators: event.count };
    case 'viewers':
      return { ...view, viewers: event.count };
    case 'tier':
      return { ...view, tier: event.tier };
    case 'recording':
      return isOfAnother(view, event) ? view : withRecording(view, event);
    case 'restarting':
      return { ...view, restartsBy: event.by };
    case 'ended':
      return { ...view, endedAt: event.endedAt };
  }
}
