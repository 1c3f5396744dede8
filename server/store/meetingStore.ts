import type { Appearance, EndpointClaim, MeetingRole } from '@/lib/core/meeting';
import type { RecordingConsent, RecordingStart } from '@/lib/core/recording';
import type { HistoryStore } from './historyStore';
import type { OutboxStore } from './outboxStore';
import type { RecordingStore } from './recordingStore';

/** Why a stay is over. */
export type StayEndReason = 'left' | 'timeout' | 'replaced' | 'removed' | 'meetingEnded';

/** A meeting to create. Secrets come hashed (SHA-256, hex): the store never sees them. */
export interface NewMeeting {
  readonly id: string;
  readonly title: string;
  readonly maxParticipants: number;
  readonly hostTokenHash: string;
  readonly recordingStart: RecordingStart;
  readonly recordingConsent: RecordingConsent;
  readonly nowMs: number;
}

/** One participant. */
export interface SeatedRecord {
  readonly personId: string;
  readonly name: string;
  readonly avatar: string;
  readonly seat: number;
  readonly endpoint: EndpointClaim | null;
  /** Null until they have said. */
  readonly agreesToRecording: boolean | null;
}

/** What can change during a stay. */
export interface StayChange extends Appearance {
  readonly endpoint: EndpointClaim;
  readonly agreesToRecording: boolean;
}

/** A meeting's running recording. */
export interface RunningRecording {
  readonly id: string;
  readonly startedAtMs: number;
  readonly consent: RecordingConsent;
}

/** A meeting and the people in it. All times are milliseconds since the Unix epoch. */
export interface MeetingState {
  readonly id: string;
  readonly title: string;
  readonly maxParticipants: number;
  readonly createdAtMs: number;
  readonly endedAtMs: number | null;
  /** By seat, lowest first. */
  readonly seated: readonly SeatedRecord[];
  readonly spectators: number;
  readonly recordingStart: RecordingStart;
  readonly recordingConsent: RecordingConsent;
  readonly recording: RunningRecording | null;
}

/** A request for a seat, or to watch. */
export interface JoinRequest {
  readonly meetingId: string;
  readonly role: MeetingRole;
  readonly name: string;
  readonly avatar: string;
  readonly identityHash: string;
  /** The public id for an identity that is new to the meeting; a known one keeps its own. */
  readonly newPersonId: string;
  /** Most spectators that the meeting may have. */
  readonly spectatorsMax: number;
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

/** The outcome of a {@link JoinRequest}. `expired`: the stays that were found run out and are now ended. */
export type JoinOutcome =
  | {
      readonly kind: 'joined';
      readonly personId: string;
      readonly seat: number | null;
      /** The same identity's earlier stay if it was still live. */
      readonly replaced: EndedStay | null;
      readonly expired: readonly EndedStay[];
      readonly state: MeetingState;
    }
  | { readonly kind: 'full'; readonly limit: number; readonly expired: readonly EndedStay[] }
  /** The identity was put out of the meeting. */
  | { readonly kind: 'removed'; readonly expired: readonly EndedStay[] }
  | { readonly kind: 'notFound' }
  | { readonly kind: 'ended' };

/** Names one stay: its meeting and its bearer token's hash. */
export interface StayKey {
  readonly meetingId: string;
  readonly tokenHash: string;
}

/** The state of a stay. */
export type StayOutcome =
  | { readonly kind: 'live'; readonly stay: EndedStay }
  | { readonly kind: 'over'; readonly reason: StayEndReason }
  | { readonly kind: 'unknown' };

/** The outcome of a request to end a meeting. */
export type EndOutcome =
  | { readonly kind: 'ended'; readonly endedAtMs: number }
  | { readonly kind: 'alreadyEnded'; readonly endedAtMs: number }
  | { readonly kind: 'forbidden' }
  | { readonly kind: 'notFound' };

/**
 * Keeps meetings and stays. Every method is atomic; seats are decided under a lock on the meeting, so that a seat has one
 * holder over any number of processes. The caller passes the time in.
 * @throws StoreError from every method if the database can't be reached
 */
export interface MeetingStore {
  /** What is known of recordings, in the same database. */
  readonly recordings: RecordingStore;
  /** Messages to the operator's addresses, in the same database. */
  readonly outbox: OutboxStore;
  /** The site's figures over time, in the same database. */
  readonly history: HistoryStore;
  createMeeting(meeting: NewMeeting): Promise<'created' | 'exists'>;
  findMeeting(id: string): Promise<MeetingState | null>;
  /**
   * Takes the lowest free seat (none for a spectator). A known identity gets its own seat back if that is free, and
   * takes over its own live stay, with that stay's endpoint and its word on being recorded. One that was put out stays out.
   */
  join(request: JoinRequest): Promise<JoinOutcome>;
  /** Sets when a live stay runs out. */
  extendStay(key: StayKey, nowMs: number, expiresAtMs: number): Promise<StayOutcome>;
  /** Lets a live stay run out at `expiresAtMs` if that is earlier. */
  shortenStay(key: StayKey, nowMs: number, expiresAtMs: number): Promise<StayOutcome>;
  /** Changes what a {@link StayChange} has of the person of a live stay; an absent field stays as it is. */
  changeStay(key: StayKey, change: Partial<StayChange>, nowMs: number): Promise<StayOutcome>;
  /** Ends a live stay; the outcome is `live` if it was. */
  endStay(key: StayKey, nowMs: number): Promise<StayOutcome>;
  /** Ends the meeting and every stay in it; only for the holder of the host token. */
  endMeeting(id: string, hostTokenHash: string, nowMs: number): Promise<EndOutcome>;
  /** The hash of a meeting's host token; null if there is no such meeting. */
  hostOf(id: string): Promise<string | null>;
  /** Ids of the meetings that have a stay which has run out. */
  meetingsWithExpired(nowMs: number): Promise<readonly string[]>;
  /** Lets every stay that ran out since `sinceMs`, or has yet to, live until `expiresAtMs`. Ended ones stay ended. */
  reviveStays(sinceMs: number, expiresAtMs: number): Promise<void>;
  /** Of these stays, by token hash, those that have not ended. */
  openStays(tokenHashes: readonly string[]): Promise<ReadonlySet<string>>;
  /** Lets those of these stays that have not ended live until `expiresAtMs`, unless they live longer. */
  prolongStays(tokenHashes: readonly string[], expiresAtMs: number): Promise<void>;
  /** Ends the stays of a meeting that have run out. */
  endExpired(meetingId: string, nowMs: number): Promise<readonly EndedStay[]>;
  /** Ids of open meetings that are idle. */
  idleMeetings(since: IdleSince): Promise<readonly string[]>;
  /** Ends a meeting if it is still idle in this sense. Returns whether it did. */
  endIdle(id: string, since: IdleSince, nowMs: number): Promise<boolean>;
  /** Deletes the meetings that ended before `beforeMs`, whose ids are free again, and the stays that did. */
  forget(beforeMs: number): Promise<void>;
  /** The custom avatars, as references (`own:...`), that people in meetings wear now. */
  wornCustomAvatars(): Promise<readonly string[]>;
  /** Ends what goes on of a person's stays because they are put out; none for somebody who is not there. */
  removePerson(meetingId: string, personId: string, nowMs: number): Promise<readonly EndedStay[]>;
  /** Meetings with somebody in them, the oldest first, with up to `most` people in all. */
  occupied(most: number): Promise<readonly OccupiedMeeting[]>;
  /** Counts those whose stay has not ended. */
  census(): Promise<Census>;
  /** Waits for statements under way and closes the database. */
  close(): Promise<void>;
}

/** Somebody in a meeting. */
export interface PresentPerson {
  readonly personId: string;
  readonly name: string;
  readonly avatar: string;
  /** Null for a spectator. */
  readonly seat: number | null;
  readonly joinedAtMs: number;
}

/** A meeting with somebody in it. */
export interface OccupiedMeeting {
  readonly id: string;
  readonly title: string;
  readonly maxParticipants: number;
  readonly createdAtMs: number;
  readonly isRecorded: boolean;
  /** In the order in which they came. */
  readonly people: readonly PresentPerson[];
}

/** Who is in meetings now. */
export interface Census {
  /** Meetings with somebody in them. */
  readonly meetings: number;
  readonly participants: number;
  readonly spectators: number;
}

/** A meeting is idle if the last person left it before the first moment, or if it was created before the second and never entered. */
export interface IdleSince {
  readonly leftMs: number;
  readonly createdMs: number;
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
