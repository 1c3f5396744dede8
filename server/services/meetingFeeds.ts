import type { MeetingEvent } from '@/lib/core/meeting';
import { Mailbox } from '@/server/services/mailbox';

/** One open event stream. */
export interface Follower {
  readonly mailbox: Mailbox<MeetingEvent>;
  /** Hash of the stay's token the stream belongs to, or null for somebody who only looks on. */
  readonly tokenHash: string | null;
}

/** Who follows which meeting, in this process. */
export class MeetingFeeds {
  private readonly followers = new Map<string, Set<Follower>>();

  /** Adds a follower, who hears everything published from now on. */
  follow(meetingId: string, tokenHash: string | null): Follower {
    const follower = { mailbox: new Mailbox<MeetingEvent>(), tokenHash };
    const all = this.followers.get(meetingId) ?? new Set();
    this.followers.set(meetingId, all.add(follower));
    return follower;
  }

  /** Forgets a follower. */
  unfollow(meetingId: string, follower: Follower): void {
    const all = this.followers.get(meetingId);
    all?.delete(follower);
    if (all?.size === 0) this.followers.delete(meetingId);
  }

  /** Whether a stay has a stream open. */
  isFollowed(meetingId: string, tokenHash: string): boolean {
    return this.of(meetingId).some((follower) => follower.tokenHash === tokenHash);
  }

  /** Tells every follower of a meeting, in order. */
  publish(meetingId: string, events: readonly MeetingEvent[]): void {
    for (const follower of this.of(meetingId)) for (const event of events) follower.mailbox.push(event);
  }

  /** Ends the streams of one stay, with an error or quietly. */
  closeStay(meetingId: string, tokenHash: string, error: Error | null): void {
    for (const follower of this.of(meetingId)) if (follower.tokenHash === tokenHash) follower.mailbox.close(error);
  }

  /** Ends every stream of a meeting quietly, after what is waiting. */
  closeMeeting(meetingId: string): void {
    for (const follower of this.of(meetingId)) follower.mailbox.close();
  }

  /** Ends every stream there is. */
  closeAll(error: Error): void {
    for (const all of this.followers.values()) for (const follower of all) follower.mailbox.close(error);
  }

  private of(meetingId: string): Follower[] {
    return [...(this.followers.get(meetingId) ?? [])];
  }
}
