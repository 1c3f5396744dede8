import { Emitter } from '@/lib/core/emitter';
import type { LeaveReason, MeetingView, TierName } from '@/lib/core/meeting';
import { KeyedQueue } from '@/server/services/keyedQueue';
import { eventsOfEnded, eventsOfJoin } from '@/server/services/meetingChanges';
import { MeetingError } from '@/server/services/meetingError';
import { type Follower, MeetingFeeds } from '@/server/services/meetingFeeds';
import { toPerson, toView } from '@/server/services/meetingView';
import type { EndedStay, JoinOutcome, MeetingState, MeetingStore } from '@/server/store/meetingStore';

/** What the rest of the process hears of meetings: enough to put people out of their conference. */
export interface MeetingServiceEvents {
  /** The meeting is over for everybody. */
  ended: { readonly id: string };
  /** Somebody's stay is over. `replaced`: the same person goes on, by a newer stay. */
  left: { readonly id: string; readonly personId: string; readonly reason: LeaveReason };
}

const STREAM_END: Record<LeaveReason, () => MeetingError | null> = {
  left: () => null,
  timeout: MeetingError.tokenExpired,
  replaced: MeetingError.replaced,
};

/**
 * Tells everybody what changed, in the order it changed. Whatever changes a meeting or reads a snapshot for a stream
 * does so inside {@link inTurn}: so no stream has a gap or a double between its snapshot and what follows.
 */
export class MeetingRoom {
  readonly events: Emitter<MeetingServiceEvents>;
  private readonly feeds = new MeetingFeeds();
  private readonly queue = new KeyedQueue();

  constructor(
    private readonly store: MeetingStore,
    private readonly bestTier: TierName,
    reportError?: (error: unknown) => void,
  ) {
    this.events = new Emitter(reportError);
  }

  /** Runs `task` after everything else that is under way in the meeting. */
  inTurn<Result>(meetingId: string, task: () => Promise<Result>): Promise<Result> {
    return this.queue.run(meetingId, task);
  }

  /** The meeting as it stands. @throws MeetingError `notFound` */
  async view(meetingId: string): Promise<MeetingView> {
    const state = await this.store.findMeeting(meetingId);
    if (!state) throw MeetingError.notFound();
    return this.toView(state);
  }

  /** A state as everybody may see it. */
  toView(state: MeetingState): MeetingView {
    return toView(state, this.bestTier);
  }

  /** Follows a meeting from its present state on, which comes first. @throws MeetingError `notFound`, `ended` */
  follow(meetingId: string, tokenHash: string | null): Promise<Follower> {
    return this.inTurn(meetingId, async () => {
      const meeting = await this.view(meetingId);
      if (meeting.endedAt !== null) throw MeetingError.ended();
      const follower = this.feeds.follow(meetingId, tokenHash);
      follower.mailbox.push({ type: 'snapshot', meeting });
      return follower;
    });
  }

  /** Starts a follower who fell behind again from the present state. */
  catchUp(meetingId: string, follower: Follower): Promise<void> {
    return this.inTurn(meetingId, async () => {
      const meeting = await this.view(meetingId);
      follower.mailbox.restart({ type: 'snapshot', meeting });
    });
  }

  /** Forgets a follower. Returns whether its stay has no other stream open. */
  unfollow(meetingId: string, follower: Follower): boolean {
    this.feeds.unfollow(meetingId, follower);
    return follower.tokenHash !== null && !this.feeds.isFollowed(meetingId, follower.tokenHash);
  }

  /** Tells what a join changed, also one that was refused. To be called inside {@link inTurn}. */
  async announceJoin(meetingId: string, outcome: JoinOutcome): Promise<void> {
    if (outcome.kind === 'full') await this.announceEnded(meetingId, outcome.expired, 'timeout');
    if (outcome.kind !== 'joined') return;
    this.feeds.publish(meetingId, eventsOfJoin(outcome, this.bestTier));
    this.dismiss(meetingId, outcome.expired, 'timeout');
    if (outcome.replaced) this.dismiss(meetingId, [outcome.replaced], 'replaced');
  }

  /** Tells how somebody is seen from now on; of a spectator, nothing. To be called inside {@link inTurn}. */
  async announceChange(meetingId: string, personId: string): Promise<void> {
    const state = await this.store.findMeeting(meetingId);
    const person = state?.seated.find((seated) => seated.personId === personId);
    if (person) this.feeds.publish(meetingId, [{ type: 'changed', person: toPerson(person) }]);
  }

  /** Tells that stays are over. To be called inside {@link inTurn}. */
  async announceEnded(meetingId: string, ended: readonly EndedStay[], reason: LeaveReason): Promise<void> {
    if (ended.length === 0) return;
    this.dismiss(meetingId, ended, reason);
    const state = await this.store.findMeeting(meetingId);
    if (state) this.feeds.publish(meetingId, eventsOfEnded(ended, reason, state, this.bestTier));
  }

  /** Tells that the meeting is over. To be called inside {@link inTurn}. */
  announceEnd(meetingId: string, endedAtMs: number): void {
    this.feeds.publish(meetingId, [{ type: 'ended', endedAt: new Date(endedAtMs).toISOString() }]);
    this.feeds.closeMeeting(meetingId);
    this.events.emit('ended', { id: meetingId });
  }

  /** Ends every stream, such that its reader comes back later. */
  close(): void {
    this.feeds.closeAll(MeetingError.unavailable());
  }

  private dismiss(meetingId: string, ended: readonly EndedStay[], reason: LeaveReason): void {
    for (const { tokenHash, personId } of ended) {
      this.feeds.closeStay(meetingId, tokenHash, STREAM_END[reason]());
      this.events.emit('left', { id: meetingId, personId, reason });
    }
  }
}
