/** Most people that can sit in one meeting. */
export const SEATS_MAX = 16;

/** Fewest seats a meeting can be created with. */
export const SEATS_MIN = 2;

/** A participant sits and moves; a spectator only watches. */
export type MeetingRole = 'participant' | 'spectator';

/** The names of the quality tiers, best first. */
export type TierName = 'high' | 'medium' | 'low';

/** What one quality tier asks of senders. */
export interface Tier {
  readonly name: TierName;
  /** Pose frames sent in a second. */
  readonly fps: number;
  /** The codec's own setting, 0 (finest) to 9 (coarsest). */
  readonly compression: number;
}

/** How a person is seen, or wishes to be. */
export interface Appearance {
  readonly name: string;
  /** What they wear: a reference as `parseAvatarRef` reads it, such as `ada` or `ada:skin=cocoa`. */
  readonly avatar: string;
}

/** One person on a seat, as everybody may see them. */
export interface SeatedPerson extends Appearance {
  /** Public id of the person in this meeting, stable when they come back with the same identity. */
  readonly id: string;
  /** 0 .. maxParticipants-1. */
  readonly seat: number;
}

/** A meeting as everybody who has its id may see it. */
export interface MeetingView {
  readonly id: string;
  readonly title: string;
  readonly maxParticipants: number;
  readonly createdAt: string;
  /** ISO time of the end, or null while the meeting is open. */
  readonly endedAt: string | null;
  readonly people: readonly SeatedPerson[];
  readonly spectators: number;
  readonly tier: Tier;
}

/** Everything a browser needs to reach the meeting's Jitsi, embedded hub and real deployment alike. */
export interface JitsiCoordinates {
  /** Address of `lib-jitsi-meet.min.js`. */
  readonly libUrl: string;
  /** XMPP over WebSocket (RFC 7395), without token. */
  readonly xmppWebSocketUrl: string;
  readonly xmppDomain: string;
  readonly mucDomain: string;
  readonly focusDomain: string;
  /** Local part of the room's address, in lower case. */
  readonly room: string;
}

/** What `meeting.join` gives. */
export interface JoinGrant {
  readonly meeting: MeetingView;
  /** One's own public id. */
  readonly personId: string;
  readonly role: MeetingRole;
  /** One's seat, or null for a spectator. */
  readonly seat: number | null;
  /** JWT for Jitsi, valid for 5 minutes, bound to the room. */
  readonly joinToken: string;
  /** Bearer of this stay: heartbeat, leave and the event stream. */
  readonly stayToken: string;
  readonly jitsi: JitsiCoordinates;
  /** Most that poses and voices of everybody together may take on the way to one person, bits a second. */
  readonly bandwidthMaxBps: number;
}

/** Why a meeting or a stay ended for somebody. */
export type LeaveReason = 'left' | 'timeout' | 'replaced';

/** What `meeting.events` tells, in the order it happened. The first is always a snapshot. */
export type MeetingEvent =
  | { readonly type: 'snapshot'; readonly meeting: MeetingView }
  | { readonly type: 'joined'; readonly person: SeatedPerson }
  /** Somebody on a seat has another name or wears something else. */
  | { readonly type: 'changed'; readonly person: SeatedPerson }
  | { readonly type: 'left'; readonly personId: string; readonly seat: number; readonly reason: LeaveReason }
  | { readonly type: 'spectators'; readonly count: number }
  | { readonly type: 'tier'; readonly tier: Tier; readonly seated: number }
  | { readonly type: 'ended'; readonly endedAt: string };

/** Why the API refused. `full` comes with the limit, `tooManyRequests` with the time to wait. */
export type MeetingErrorReason =
  | 'notFound'
  | 'exists'
  | 'full'
  | 'ended'
  | 'tokenInvalid'
  | 'tokenExpired'
  | 'replaced'
  | 'forbidden'
  | 'tooManyRequests'
  | 'badInput'
  | 'unavailable';

/** What a refusal carries besides its sentence; it travels as `error.data` over tRPC. */
export interface MeetingErrorData {
  readonly reason: MeetingErrorReason;
  /** Seats of the meeting, when `reason` is `full`. */
  readonly limit?: number;
  /** Milliseconds to wait, when `reason` is `tooManyRequests` or `unavailable`. */
  readonly retryAfterMs?: number;
  /** What is wrong with an avatar that was brought along: an `AvatarFileReason` of `lib/avatarFile`. */
  readonly avatarReason?: string;
}

/** An avatar that the site keeps for its wearer. */
export interface StoredAvatarView {
  /** The reference to wear it by, `own:` and the SHA-256 of the file. */
  readonly avatar: string;
  readonly sizeBytes: number;
  /** False where the same file had been brought before. */
  readonly isNew: boolean;
}
