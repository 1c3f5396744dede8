import type { LeaveReason, MeetingEvent, MeetingView, SeatedPerson, TierName } from '@/lib/core/meeting';
import type { RecordingNotice } from '@/lib/core/recording';
import { tierForSeated } from '@/lib/quality/tiers';
import type { EndedStay, JoinOutcome, MeetingState, RunningRecording, SeatedRecord } from '@/server/store/meetingStore';

type Joined = Extract<JoinOutcome, { kind: 'joined' }>;

/** A participant as everyone may see them. */
export function toPerson(record: SeatedRecord): SeatedPerson {
  const { personId, name, avatar, seat, endpoint, agreesToRecording } = record;
  const said = agreesToRecording === null ? {} : { agreesToRecording };
  return { id: personId, name, avatar, seat, endpoint, ...said };
}

/** A recording as everybody in its meeting sees it. */
export function toNotice({ id, startedAtMs, consent }: RunningRecording): RecordingNotice {
  return { id, startedAt: new Date(startedAtMs).toISOString(), consent };
}

/** A meeting as everyone may see it. `best` is the best tier that the operator lets it begin with. */
export function toView(state: MeetingState, best: TierName): MeetingView {
  return {
    id: state.id,
    title: state.title,
    maxParticipants: state.maxParticipants,
    createdAt: new Date(state.createdAtMs).toISOString(),
    endedAt: state.endedAtMs === null ? null : new Date(state.endedAtMs).toISOString(),
    people: state.seated.map(toPerson),
    spectators: state.spectators,
    tier: tierForSeated(state.seated.length, best),
    recording: state.recording && toNotice(state.recording),
  };
}

function leftEvents(ended: readonly EndedStay[], reason: LeaveReason): MeetingEvent[] {
  return ended.flatMap(({ personId, seat }) => (seat === null ? [] : [{ type: 'left', personId, seat, reason }]));
}

function spectatorEvents(changed: boolean, after: MeetingState): MeetingEvent[] {
  return changed ? [{ type: 'spectators', count: after.spectators }] : [];
}

function tierEvents(seatedBefore: number, after: MeetingState, best: TierName): MeetingEvent[] {
  const seated = after.seated.length;
  const tier = tierForSeated(seated, best);
  return tier.name === tierForSeated(seatedBefore, best).name ? [] : [{ type: 'tier', tier, seated }];
}

const hasSeat = (stay: EndedStay) => stay.seat !== null;
const isSpectator = (stay: EndedStay) => stay.seat === null;

/** The events after stays have ended for one reason; `after` is the meeting without them. */
export function eventsOfEnded(
  ended: readonly EndedStay[],
  reason: LeaveReason,
  after: MeetingState,
  best: TierName,
): MeetingEvent[] {
  return [
    ...leftEvents(ended, reason),
    ...spectatorEvents(ended.some(isSpectator), after),
    ...tierEvents(after.seated.length + ended.filter(hasSeat).length, after, best),
  ];
}

/**
 * The events after a join. A person who takes over their own seat does not leave: `joined` is sent again for them, with
 * their current name and avatar.
 */
export function eventsOfJoin(joined: Joined, best: TierName): MeetingEvent[] {
  const { state, seat, personId, expired } = joined;
  const replaced = joined.replaced ? [joined.replaced] : [];
  const gone = [...expired, ...replaced];
  const self = state.seated.find((person) => person.personId === personId);
  const seatedBefore = state.seated.length + gone.filter(hasSeat).length - (self ? 1 : 0);
  return [
    ...leftEvents(expired, 'timeout'),
    ...leftEvents(seat === null ? replaced : [], 'replaced'),
    ...(self ? [{ type: 'joined', person: toPerson(self) } as const] : []),
    ...spectatorEvents(seat === null || gone.some(isSpectator), state),
    ...tierEvents(seatedBefore, state, best),
  ];
}
