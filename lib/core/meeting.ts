import type { RecordingFailure, RecordingLimit, RecordingNotice, RecordingRefusal } from './recording';

/** Most people that can sit in one meeting. */
export const SEATS_MAX = 16;

/** Fewest seats a meeting can be created with. */
export const SEATS_MIN = 2;

/** A participant sits and moves; a spectator only watches. */
export type MeetingRole = 'participant' | 'spectator';

/** The names of the quality tiers, best first. */
export type TierName = 'high' | 'medium' | 'low';

/** What a quality tier asks of senders. */
export interface Tier {
  readonly name: TierName;
  /** Pose frames sent per second. */
  readonly fps: number;
  /** The codec's own setting, 0 (finest) to 9 (coarsest). */
  readonly compression: number;
}

/** How a person appears, or wants to. */
export interface Appearance {
  readonly name: string;
  /** Their avatar: a reference as `parseAvatarRef` reads it, such as `ada` or `ada:skin=cocoa`. */
  readonly avatar: string;
}

/** An endpoint that a person says is theirs, and the nonce by which that endpoint says the same. */
export interface EndpointClaim {
  readonly id: string;
  /**
   * What the XMPP server calls the session behind it (XEP-0421): another session that takes the endpoint's id has another one. Null
   * if the server does not say.
   */
  readonly occupantId: string | null;
  /** 128 random bits, hex, chosen by the API for this claim. No secret. */
  readonly nonce: string;
}

/** A person with a seat. */
export interface Participant extends Appearance {
  /** Public id of the person in this meeting, stable when they come back with the same identity. */
  readonly id: string;
  /** 0 .. maxParticipants-1. */
  readonly seat: number;
}

/** A participant as everyone may see them. */
export interface SeatedPerson extends Participant {
  /** Their endpoint in the conference, as they reported it last; null before the first report. */
  readonly endpoint: EndpointClaim | null;
  /** Whether they agree to be recorded; absent until they have said so. */
  readonly agreesToRecording?: boolean;
}

/** A meeting as anyone with its id may see it. */
export interface MeetingView {
  readonly id: string;
  readonly title: string;
  readonly maxParticipants: number;
  readonly createdAt: string;
  /** ISO time of the end, or null while the meeting is open. */
  readonly endedAt: string | null;
  readonly people: readonly SeatedPerson[];
  readonly spectators: number;
  /** How many watch its recording while it is made, about; absent until that was told. */
  readonly viewers?: number;
  readonly tier: Tier;
  /** The recording that is being made, or null. */
  readonly recording: RecordingNotice | null;
  /** Why the last recording ended, if it ended by itself: known to those who were there, until the next one begins. */
  readonly recordingEnd?: RecordingFailure | RecordingLimit;
  /** ISO time by which the site restarts, once it is to: connections are cut, and come back by themselves. */
  readonly restartsBy?: string;
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
  /** Local part of the MUC room's address, in lower case. */
  readonly room: string;
  /** `enforced`: an `<identity>` in presence is the token's, whatever a client sends. `claimed`: a client may have written it. */
  readonly identity: 'enforced' | 'claimed';
}

/** The result of `meeting.join`. */
export interface JoinGrant {
  readonly meeting: MeetingView;
  /** The caller's public id. */
  readonly personId: string;
  readonly role: MeetingRole;
  /** The caller's seat, or null for a spectator. */
  readonly seat: number | null;
  /** JWT for Jitsi, valid for 5 minutes, bound to the MUC room. */
  readonly joinToken: string;
  /** Bearer token of this stay, for heartbeat, leave and the event stream. */
  readonly stayToken: string;
  readonly jitsi: JitsiCoordinates;
  /** Limit for all poses and voices together that one person receives, bits a second. */
  readonly bandwidthMaxBps: number;
}

/** Why a meeting or a stay ended for a person. */
export type LeaveReason = 'left' | 'timeout' | 'replaced';

/**
 * What becomes of a recording of the meeting. `stopped`: nothing more is recorded, by the host's wish or because a `limit` of the
 * site is reached; `ready`: it can be watched; `failed`: it ended by a fault, without having been stopped or while its files were
 * being finished.
 */
export type RecordingEvent = { readonly type: 'recording'; readonly recording: RecordingNotice } & (
  | { readonly change: 'started' }
  | { readonly change: 'stopped' | 'ready'; readonly limit?: RecordingLimit }
  | { readonly change: 'failed'; readonly failure: RecordingFailure }
);

/** The events of `meeting.events`, in order. The first is always a snapshot. */
export type MeetingEvent =
  | { readonly type: 'snapshot'; readonly meeting: MeetingView }
  | { readonly type: 'joined'; readonly person: SeatedPerson }
  /** A participant has changed name or avatar, has another endpoint, or has said whether they may be recorded. */
  | { readonly type: 'changed'; readonly person: SeatedPerson }
  | { readonly type: 'left'; readonly personId: string; readonly seat: number; readonly reason: LeaveReason }
  | { readonly type: 'spectators'; readonly count: number }
  /** How many watch the recording while it is made, about. */
  | { readonly type: 'viewers'; readonly count: number }
  | { readonly type: 'tier'; readonly tier: Tier; readonly seated: number }
  | RecordingEvent
  /** The site restarts, at the latest then. */
  | { readonly type: 'restarting'; readonly by: string }
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

/** What a refusal carries besides its sentence; tRPC sends it as `error.data`. */
export interface MeetingErrorData {
  readonly reason: MeetingErrorReason;
  /** Seats of the meeting, or its spectators, when `reason` is `full`. */
  readonly limit?: number;
  /** Where to go, when `reason` is `full`: to watch without a seat, or, where too many watch, the live recording. */
  readonly instead?: 'watch' | 'live';
  /** Milliseconds to wait, when `reason` is `tooManyRequests` or `unavailable`. */
  readonly retryAfterMs?: number;
  /** Whether `unavailable` means that the site can't save anything, such as on a full disk. */
  readonly cannotSave?: boolean;
  /** Whether `unavailable` means that the site takes no new meetings for now; those in progress go on. */
  readonly isDraining?: boolean;
  /** What is wrong with a custom avatar: an `AvatarFileReason` of `lib/avatarFile`. */
  readonly avatarReason?: string;
  /** What a request about a recording was refused for. */
  readonly recordingReason?: RecordingRefusal;
}

/** A custom avatar that the site keeps. */
export interface StoredAvatarView {
  /** Its reference: `own:` and the SHA-256 of the file. */
  readonly avatar: string;
  readonly sizeBytes: number;
  /** False if the same file was uploaded before. */
  readonly isNew: boolean;
}

/** Header of an event stream with the stay's token, which an address would leave in histories and the logs of proxies. */
export const STAY_HEADER = 'x-parley-stay';

/** A connection that came back by itself. `link`: a fresh link to the conference; `stay`: a fresh stay as well. */
export interface ReconnectReport {
  readonly kind: 'link' | 'stay';
  /** From the loss until live again, ms. */
  readonly tookMs: number;
}

/** How a client fares, as it tells with its heartbeats. What has not been measured is absent. */
export interface ClientReport {
  /** Median over the others of the p95 age of their poses as drawn here (rule M-22), ms. */
  readonly poseAgeMs?: number;
  /** Worst share of packets lost from one of the others (0 .. 1). */
  readonly poseLostShare?: number;
  /** From asking to join until live, ms. Told once. */
  readonly joinedAfterMs?: number;
  readonly reconnects?: ReconnectReport[];
}

/** Most reconnections in one report. */
export const RECONNECTS_REPORTED_MAX = 8;
/** Longest time that a report may tell, ms. */
export const REPORTED_MAX_MS = 3_600_000;
