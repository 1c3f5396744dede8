import type { LeaveReason, MeetingEvent, TierName } from '@/lib/core/meeting';
import { tierForSeated } from '@/lib/quality/tiers';
import { toPerson } from '@/server/services/meetingView';
import type { EndedStay, JoinOutcome, MeetingState } from '@/server/store/meetingStore';

type Joined = Extract<JoinOutcome, { kind: 'joined' }>;

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
const watches = (stay: EndedStay) => stay.seat === null;

/** What everybody is told after stays have ended for one reason; `after` is the meeting without them. */
export function eventsOfEnded(
  ended: readonly EndedStay[],
  reason: LeaveReason,
  after: MeetingState,
  best: TierName,
): MeetingEvent[] {
  return [
    ...leftEvents(ended, reason),
    ...spectatorEvents(ended.some(watches), after),
    ...tierEvents(after.seated.length + ended.filter(hasSeat).length, after, best),
  ];
}

/**
 * What everybody is told after a join. Somebody who takes their own seat over doesn't leave: `joined` comes again for
 * the same person, with the name and the avatar of now.
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
    ...spectatorEvents(seat === null || gone.some(watches), state),
    ...tierEvents(seatedBefore, state, best),
  ];
}
