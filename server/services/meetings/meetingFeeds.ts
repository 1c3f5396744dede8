import { Emitter } from '@/lib/core/emitter';
import type { LeaveReason, MeetingEvent, MeetingView, RecordingEvent, TierName } from '@/lib/core/meeting';
import type { EndedStay, JoinOutcome, MeetingState, MeetingStore } from '@/server/store/meetingStore';
import { MeetingError } from './meetingError';
import { eventsOfEnded, eventsOfJoin, toPerson, toView } from './meetingView';
import { KeyedQueue, Mailbox } from './queues';

/** What the rest of the process hears of meetings: enough to put people out of their conference. */
export interface MeetingServiceEvents {
  /** Somebody has taken a seat. */
  seated: { readonly id: string; readonly ip: string };
  /** The meeting is over for everyone. */
  ended: { readonly id: string };
  /** A stay is over. `replaced`: the same person goes on, in a newer stay. */
  left: { readonly id: string; readonly personId: string; readonly stayId: string; readonly reason: LeaveReason };
}

/** One open event stream. */
export interface Follower {
  readonly mailbox: Mailbox<MeetingEvent>;
  /** Hash of the token of the stay that the stream belongs to, or null if it belongs to none. */
  readonly tokenHash: string | null;
}

const STREAM_END: Record<LeaveReason, () => MeetingError | null> = {
  left: () => null,
  timeout: MeetingError.tokenExpired,
  replaced: MeetingError.replaced,
};

/**
 * The event streams of all meetings. What changes a meeting, or reads a snapshot for a stream, does so inside
 * {@link inTurn}: so no stream has a gap or a duplicate between its snapshot and what follows.
 */
export class MeetingFeeds {
  readonly events: Emitter<MeetingServiceEvents>;
  private readonly followers = new Followers();
  private readonly queue = new KeyedQueue();
  private restartsBy: string | null = null;

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

  /** A state as everyone may see it. */
  toView(state: MeetingState): MeetingView {
    const view = toView(state, this.bestTier);
    return this.restartsBy === null ? view : { ...view, restartsBy: this.restartsBy };
  }

  /** Follows a meeting from its present state, which comes first. @throws MeetingError `notFound`, `ended` */
  follow(meetingId: string, tokenHash: string | null): Promise<Follower> {
    return this.inTurn(meetingId, async () => {
      const meeting = await this.view(meetingId);
      if (meeting.endedAt !== null) throw MeetingError.ended();
      const follower = this.followers.add(meetingId, tokenHash);
      follower.mailbox.push({ type: 'snapshot', meeting });
      return follower;
    });
  }

  /** The follower's events until the meeting or the stay is over or `signal` aborts; a slow reader gets a new snapshot. */
  async *read(meetingId: string, follower: Follower, signal?: AbortSignal): AsyncGenerator<MeetingEvent, void, void> {
    for (;;) {
      const mail = await follower.mailbox.take(signal);
      if (mail.kind === 'over') return;
      if (mail.kind === 'behind') await this.catchUp(meetingId, follower);
      else yield mail.message;
    }
  }

  /** Forgets a follower. Returns whether its stay has no other stream open. */
  unfollow(meetingId: string, follower: Follower): boolean {
    this.followers.remove(meetingId, follower);
    return follower.tokenHash !== null && !this.followers.has(meetingId, follower.tokenHash);
  }

  /** Whether a stay has a stream open. */
  follows(meetingId: string, tokenHash: string): boolean {
    return this.followers.has(meetingId, tokenHash);
  }

  /** Announces what a join from `ip` changed, including one that was refused. Call inside {@link inTurn}. */
  async announceJoin(meetingId: string, outcome: JoinOutcome, ip: string): Promise<void> {
    if (outcome.kind === 'full' || outcome.kind === 'removed')
      await this.announceEnded(meetingId, outcome.expired, 'timeout');
    if (outcome.kind !== 'joined') return;
    this.followers.publish(meetingId, eventsOfJoin(outcome, this.bestTier));
    this.dismiss(meetingId, outcome.expired, 'timeout');
    if (outcome.replaced) this.dismiss(meetingId, [outcome.replaced], 'replaced');
    if (outcome.seat !== null) this.events.emit('seated', { id: meetingId, ip });
  }

  /** Announces a participant's new name, avatar or endpoint; a spectator's is not announced. Call inside {@link inTurn}. */
  async announceChange(meetingId: string, personId: string): Promise<void> {
    const state = await this.store.findMeeting(meetingId);
    const person = state?.seated.find((seated) => seated.personId === personId);
    if (person) this.followers.publish(meetingId, [{ type: 'changed', person: toPerson(person) }]);
  }

  /** Announces that stays are over; `told` is what their own streams end with. Call inside {@link inTurn}. */
  async announceEnded(
    meetingId: string,
    ended: readonly EndedStay[],
    reason: LeaveReason,
    told: MeetingError | null = STREAM_END[reason](),
  ): Promise<void> {
    if (ended.length === 0) return;
    this.dismiss(meetingId, ended, reason, told);
    const state = await this.store.findMeeting(meetingId);
    if (state) this.followers.publish(meetingId, eventsOfEnded(ended, reason, state, this.bestTier));
  }

  /** Announces what becomes of a recording. Call inside {@link inTurn}. */
  announceRecording(meetingId: string, event: RecordingEvent): void {
    this.followers.publish(meetingId, [event]);
  }

  /** Announces how many watch the meeting's recording while it is made. */
  announceViewers(meetingId: string, count: number): void {
    this.followers.publish(meetingId, [{ type: 'viewers', count }]);
  }

  /** Announces to every meeting that the site restarts, at the latest at `byMs` (Unix ms). */
  announceRestart(byMs: number): void {
    const by = new Date(byMs).toISOString();
    this.restartsBy = by;
    this.followers.publishToAll([{ type: 'restarting', by }]);
  }

  /** Announces that the meeting is over. Call inside {@link inTurn}. */
  announceEnd(meetingId: string, endedAtMs: number): void {
    this.followers.publish(meetingId, [{ type: 'ended', endedAt: new Date(endedAtMs).toISOString() }]);
    this.followers.closeMeeting(meetingId);
    this.events.emit('ended', { id: meetingId });
  }

  /** Ends every stream in a way that makes its reader come back later. */
  close(): void {
    this.followers.closeAll(MeetingError.unavailable());
  }

  private catchUp(meetingId: string, follower: Follower): Promise<void> {
    return this.inTurn(meetingId, async () => {
      const meeting = await this.view(meetingId);
      follower.mailbox.restart({ type: 'snapshot', meeting });
    });
  }

  private dismiss(
    meetingId: string,
    ended: readonly EndedStay[],
    reason: LeaveReason,
    told: MeetingError | null = STREAM_END[reason](),
  ): void {
    for (const { tokenHash, personId } of ended) {
      this.followers.closeStay(meetingId, tokenHash, told);
      this.events.emit('left', { id: meetingId, personId, stayId: tokenHash, reason });
    }
  }
}

/** Who follows which meeting, in this process. */
class Followers {
  private readonly byMeeting = new Map<string, Set<Follower>>();

  /** Adds a follower, who hears everything published from now on. */
  add(meetingId: string, tokenHash: string | null): Follower {
    const follower = { mailbox: new Mailbox<MeetingEvent>(), tokenHash };
    const all = this.byMeeting.get(meetingId) ?? new Set();
    this.byMeeting.set(meetingId, all.add(follower));
    return follower;
  }

  remove(meetingId: string, follower: Follower): void {
    const all = this.byMeeting.get(meetingId);
    all?.delete(follower);
    if (all?.size === 0) this.byMeeting.delete(meetingId);
  }

  /** Whether a stay has a stream open. */
  has(meetingId: string, tokenHash: string): boolean {
    return this.of(meetingId).some((follower) => follower.tokenHash === tokenHash);
  }

  publish(meetingId: string, events: readonly MeetingEvent[]): void {
    for (const follower of this.of(meetingId)) for (const event of events) follower.mailbox.push(event);
  }

  publishToAll(events: readonly MeetingEvent[]): void {
    for (const meetingId of this.byMeeting.keys()) this.publish(meetingId, events);
  }

  /** Ends the streams of one stay, with an error or quietly. */
  closeStay(meetingId: string, tokenHash: string, error: Error | null): void {
    for (const follower of this.of(meetingId)) if (follower.tokenHash === tokenHash) follower.mailbox.close(error);
  }

  /** Ends every stream of a meeting quietly, after what is waiting. */
  closeMeeting(meetingId: string): void {
    for (const follower of this.of(meetingId)) follower.mailbox.close();
  }

  closeAll(error: Error): void {
    for (const all of this.byMeeting.values()) for (const follower of all) follower.mailbox.close(error);
  }

  private of(meetingId: string): Follower[] {
    return [...(this.byMeeting.get(meetingId) ?? [])];
  }
}
