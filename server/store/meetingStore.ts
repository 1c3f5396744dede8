import type { Appearance, MeetingRole } from '@/lib/core/meeting';

/** Why a stay is over. */
export type StayEndReason = 'left' | 'timeout' | 'replaced' | 'meetingEnded';

/** What a meeting is made of. Secrets come hashed (SHA-256, hex): the store never sees them. */
export interface NewMeeting {
  readonly id: string;
  readonly title: string;
  readonly maxParticipants: number;
  readonly hostTokenHash: string;
  readonly nowMs: number;
}

/** One person on a seat. */
export interface SeatedRecord {
  readonly personId: string;
  readonly name: string;
  readonly avatar: string;
  readonly seat: number;
}

/** A meeting and who is in it. All times are milliseconds since the Unix epoch. */
export interface MeetingState {
  readonly id: string;
  readonly title: string;
  readonly maxParticipants: number;
  readonly createdAtMs: number;
  readonly endedAtMs: number | null;
  /** By seat, lowest first. */
  readonly seated: readonly SeatedRecord[];
  readonly spectators: number;
}

/** A wish to sit down or to watch. */
export interface JoinRequest {
  readonly meetingId: string;
  readonly role: MeetingRole;
  readonly name: string;
  readonly avatar: string;
  readonly identityHash: string;
  /** The public id for somebody who has never been in the meeting; a known identity keeps its own. */
  readonly newPersonId: string;
  readonly tokenHash: string;
  readonly nowMs: number;
  readonly expiresAtMs: number;
}

/** A stay that has just ended. */
export interface EndedStay {
  readonly tokenHash: string;
  readonly personId: string;
  /** Null for a spectator. */
  readonly seat: number | null;
}

/** What became of a {@link JoinRequest}. `expired` are the stays found dead on the way, now ended. */
export type JoinOutcome =
  | {
      readonly kind: 'joined';
      readonly personId: string;
      readonly seat: number | null;
      /** The same identity's earlier stay, where it was still live. */
      readonly replaced: EndedStay | null;
      readonly expired: readonly EndedStay[];
      readonly state: MeetingState;
    }
  | { readonly kind: 'full'; readonly limit: number; readonly expired: readonly EndedStay[] }
  | { readonly kind: 'notFound' }
  | { readonly kind: 'ended' };

/** Names one stay: its meeting and its bearer token's hash. */
export interface StayKey {
  readonly meetingId: string;
  readonly tokenHash: string;
}

/** Where a stay stands. */
export type StayOutcome =
  | { readonly kind: 'live'; readonly stay: EndedStay }
  | { readonly kind: 'over'; readonly reason: StayEndReason }
  | { readonly kind: 'unknown' };

/** What became of the wish to end a meeting. */
export type EndOutcome =
  | { readonly kind: 'ended'; readonly endedAtMs: number }
  | { readonly kind: 'alreadyEnded'; readonly endedAtMs: number }
  | { readonly kind: 'forbidden' }
  | { readonly kind: 'notFound' };

/**
 * Meetings and stays at rest. Every method is atomic; seats are decided under a lock on the meeting, so that over any
 * number of processes a seat has one holder. Whoever calls gives the time.
 * @throws StoreError from every method, where the database can't be reached.
 */
export interface MeetingStore {
  createMeeting(meeting: NewMeeting): Promise<'created' | 'exists'>;
  findMeeting(id: string): Promise<MeetingState | null>;
  /**
   * Takes the lowest free seat (or none, for a spectator). A known identity gets its own seat back where that is
   * free, and takes over its own live stay.
   */
  join(request: JoinRequest): Promise<JoinOutcome>;
  /** Sets when a live stay runs out. */
  extendStay(key: StayKey, nowMs: number, expiresAtMs: number): Promise<StayOutcome>;
  /** Brings the moment a live stay runs out forward to `expiresAtMs`, never back. */
  shortenStay(key: StayKey, nowMs: number, expiresAtMs: number): Promise<StayOutcome>;
  /** Changes how the person of a live stay is seen; what is absent stays. */
  changeStay(key: StayKey, change: Partial<Appearance>, nowMs: number): Promise<StayOutcome>;
  /** Ends a live stay; the outcome is `live` where it was. */
  endStay(key: StayKey, nowMs: number): Promise<StayOutcome>;
  /** Ends the meeting and every stay in it; only for the holder of the host's token. */
  endMeeting(id: string, hostTokenHash: string, nowMs: number): Promise<EndOutcome>;
  /** Ids of the meetings that have a stay which has run out. */
  meetingsWithExpired(nowMs: number): Promise<readonly string[]>;
  /** Lets the stays that have run out since `sinceMs`, or would before `expiresAtMs`, live until then. Ended ones stay ended. */
  reviveStays(sinceMs: number, expiresAtMs: number): Promise<void>;
  /** Ends the stays of a meeting that have run out. */
  endExpired(meetingId: string, nowMs: number): Promise<readonly EndedStay[]>;
  /** Waits for what is under way and lets go of the database. */
  close(): Promise<void>;
}

/**
 * The seat for a person who sits down: the one they had before if it is free, otherwise the lowest free one.
 * Null if all of `seats` are taken.
 */
export function chooseSeat(taken: ReadonlySet<number>, seats: number, former: number | null): number | null {
  if (former !== null && former < seats && !taken.has(former)) return former;
  for (let seat = 0; seat < seats; seat += 1) {
    if (!taken.has(seat)) return seat;
  }
  return null;
}
