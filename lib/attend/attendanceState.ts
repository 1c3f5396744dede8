import type { JoinGrant, MeetingEvent, MeetingView, SeatedPerson } from '@/lib/core/meeting';
import type { Scope } from '@/lib/core/scope';
import { reduceMeeting } from '@/lib/meeting/roster';
import type { Transport } from '@/lib/transport/transport';
import type { Connection } from './connection';
import type { AttendanceFailure } from './policy';

/** The local participant as the meeting lists them, or a spectator, whom it does not list. */
export type SelfView =
  | (SeatedPerson & { readonly role: 'participant' })
  | { readonly id: string; readonly role: 'spectator' };

/** What the API grants, kept up to date by its events. */
export interface Granted {
  readonly meeting: MeetingView;
  readonly self: SelfView;
  readonly bandwidthMaxBps: number;
}

/** The state of an attendance. Each phase has only the fields that exist in it. */
export type AttendanceState<T extends Transport> =
  | { readonly phase: 'idle' }
  | {
      readonly phase: 'connecting';
      /** Open while attempts are made. */
      readonly tries: Scope;
      /** Null between two attempts. */
      readonly connection: Connection<T> | null;
      /** Null until the API has answered. */
      readonly granted: Granted | null;
    }
  | { readonly phase: 'live'; readonly connection: Connection<T>; readonly granted: Granted }
  | {
      readonly phase: 'reconnecting';
      /** Open during a fresh start; null while the transport comes back by itself. */
      readonly tries: Scope | null;
      readonly connection: Connection<T> | null;
      readonly granted: Granted;
    }
  | { readonly phase: 'ended'; readonly by: 'self' | 'host' }
  | { readonly phase: 'failed'; readonly failure: AttendanceFailure };

export function grantedOf({ meeting, personId, role, seat, bandwidthMaxBps }: JoinGrant): Granted {
  const person = meeting.people.find(({ id }) => id === personId);
  const isSeated = role === 'participant' && person && seat !== null;
  const self: SelfView = isSeated ? { ...person, seat, role } : { id: personId, role: 'spectator' };
  return { meeting, self, bandwidthMaxBps };
}

/** The grant after an event of the meeting. */
export function reduceGranted(granted: Granted, event: MeetingEvent): Granted {
  const meeting = reduceMeeting(granted.meeting, event);
  return meeting ? { ...granted, meeting, self: selfIn(meeting, granted.self) } : granted;
}

/** As the meeting lists them now; as before for a spectator, and for a participant who is missing for the moment. */
function selfIn(meeting: MeetingView, self: SelfView): SelfView {
  if (self.role === 'spectator') return self;
  const person = meeting.people.find(({ id }) => id === self.id);
  return person ? { ...person, role: 'participant' } : self;
}
