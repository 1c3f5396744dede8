/** Whether everybody in a recorded meeting is told of it, or asked, so that only people who agree are recorded. */
export type RecordingConsent = 'tell' | 'ask';

/** When a meeting is recorded: when its host starts it, or whenever somebody has a seat. */
export type RecordingStart = 'byHost' | 'always';

/**
 * `recording`: it is being made; `stopped`: nothing is added, and its files are being finished; `ready`: it can be watched;
 * `failed`: it ended by a fault. What was kept until then can be watched, if its size is not 0.
 */
export type RecordingState = 'recording' | 'stopped' | 'ready' | 'failed';

/**
 * Why a recording failed. `cannotSave`: its storage takes nothing more, such as a full disk; `storageAway`: its storage could
 * not be reached for too long; `interrupted`: the server ended, and the meeting with it; `recorder`: the recorder could not go on.
 */
export type RecordingFailure = 'cannotSave' | 'storageAway' | 'interrupted' | 'recorder';

/**
 * Which of the site's limits ended a recording. Its own `length` or `size`; or what there is room for: of
 * its `meeting`, of the whole `site`, on the `disk`.
 */
export type RecordingLimit = 'length' | 'size' | 'meeting' | 'site' | 'disk';

/** A recording as everybody in its meeting sees it. */
export interface RecordingNotice {
  readonly id: string;
  /** ISO time. */
  readonly startedAt: string;
  readonly consent: RecordingConsent;
}

/** A recording as its owner sees it, or a person with a link to it. */
export interface RecordingView extends RecordingNotice {
  readonly meetingId: string;
  /** The meeting's title when the recording began. */
  readonly title: string;
  readonly state: RecordingState;
  /** Null unless `state` is `failed`. */
  readonly failure: RecordingFailure | null;
  /** The limit that ended it; null if it was stopped, or goes on. */
  readonly limit: RecordingLimit | null;
  readonly durationS: number;
  readonly sizeBytes: number;
  /** ISO time after which it is deleted; null while it is being made. */
  readonly keptUntil: string | null;
  /** The address to watch it at; null for a caller who may record the meeting, but not watch this recording. */
  readonly replayUrl: string | null;
  /** Begins the addresses of its files: `segments`, `index` and `NNNNNN.bin`. Ends with a slash. Null as `replayUrl`. */
  readonly filesUrl: string | null;
}

/** A meeting's running recording, as everybody may watch it who may watch the meeting. */
export interface LiveRecording extends RecordingNotice {
  /** The meeting's title when the recording began. */
  readonly title: string;
  /** Begins the addresses of `live.json`, a {@link LiveState}, and of the latest segments, `NNNNNN.bin`. Ends with a slash. */
  readonly filesUrl: string;
}

/** How often a viewer of a recording that is made tells that it is there, ms. */
export const LIVE_BEACON_MS = 30_000;

/** What there is of a recording that is watched while it is made. Times are Unix ms. */
export interface LiveState {
  /** The server's clock at the answer, which caches may hold for a second. */
  readonly serverMs: number;
  /** At the recording's time 0: the segment n is of the second from n seconds later on. */
  readonly startedAtMs: number;
  /** Number of the oldest segment that can be had; null if there is none. */
  readonly oldest: number | null;
  /** Number of the newest; null if there is none. */
  readonly newest: number | null;
  /** How long after its second a segment is there, as a rule, ms. */
  readonly delayMs: number;
  /** The share of viewers that are to send beacons, so that they can be counted: those whose id lies below it. */
  readonly share: number;
  /** Whether more will follow. */
  readonly isLive: boolean;
}

/** Why a request about a recording was refused, beside the reason: what a page says to its person. */
export type RecordingRefusal = 'off' | 'noRoom' | 'liveOff' | 'tooMany' | 'notRunning' | 'unknown' | 'linkExpired';
