import { PEOPLE_MAX, type PersonState, type RecordedEvent, type RecordedState } from './events';

import type { SegmentRecord } from './segmentReader';

/** The state before anybody has come and anything is known of the meeting. */
export const EMPTY_STATE: RecordedState = { meetingId: '', title: '', consent: 'notice', chapter: null, people: [] };

function changed(state: RecordedState, personId: string, change: Partial<PersonState>): RecordedState {
  const people = state.people.map((person) => (person.person === personId ? { ...person, ...change } : person));
  return { ...state, people };
}

function joined(state: RecordedState, event: RecordedEvent & { kind: 'joined' }): RecordedState {
  const { person, name, avatar, seat } = event;
  if (state.people.some((known) => known.person === person)) return changed(state, person, { name, avatar, seat });
  if (state.people.length >= PEOPLE_MAX) return state;
  const newcomer = { person, name, avatar, seat, isSpeaking: false, isHandRaised: false, screen: null };
  return { ...state, people: [...state.people, { ...newcomer, hasConsented: null }] };
}

/** The state after an event. Pure. Events of people who are not here change nothing. */
export function stateAfter(state: RecordedState, event: RecordedEvent): RecordedState {
  switch (event.kind) {
    case 'recordingStarted': {
      const { meetingId, title, consent } = event;
      return { ...state, meetingId, title, consent };
    }
    case 'joined':
      return joined(state, event);
    case 'left':
      return { ...state, people: state.people.filter(({ person }) => person !== event.person) };
    case 'seat':
      return changed(state, event.person, { seat: event.seat });
    case 'name':
      return changed(state, event.person, { name: event.name });
    case 'appearance':
      return changed(state, event.person, { avatar: event.avatar });
    case 'speaking':
      return changed(state, event.person, { isSpeaking: event.isSpeaking });
    case 'hand':
      return changed(state, event.person, { isHandRaised: event.isRaised });
    case 'screen':
      return changed(state, event.person, { screen: event.track });
    case 'consent':
      return changed(state, event.person, { hasConsented: event.isGiven });
    case 'chapter':
      return { ...state, chapter: event.title };
    // A resumed recorder reports again who is here; what they did before it was interrupted is not known to last.
    case 'takeBegan':
      return event.reason === 'resumed' ? { ...state, people: [] } : state;
    case 'recordingStopped':
    case 'reaction':
    case 'chat':
      return state;
  }
}

/** The state after the records of a segment; a state among them counts as it stands. */
export function stateAfterRecords(state: RecordedState, records: readonly SegmentRecord[]): RecordedState {
  return records.reduce((known, record) => {
    if (record.type === 'state') return record.state;
    return record.type === 'event' ? stateAfter(known, record.event) : known;
  }, state);
}
