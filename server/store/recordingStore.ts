import type { RecordingConsent, RecordingFailure, RecordingLimit, RecordingState } from '@/lib/core/recording';

/** A recording to begin. */
export interface NewRecording {
  /** 128 random bits, hex. */
  readonly id: string;
  readonly meetingId: string;
  readonly nowMs: number;
}

/** A recording as it is kept. All times are milliseconds since the Unix epoch. */
export interface RecordingRecord {
  readonly id: string;
  readonly meetingId: string;
  /** Of the meeting, when it began. */
  readonly title: string;
  /** Of the meeting: its host owns the recording, also when the meeting is forgotten and its id free again. */
  readonly hostTokenHash: string;
  readonly consent: RecordingConsent;
  readonly state: RecordingState;
  readonly startedAtMs: number;
  /** Null while `state` is `recording`. */
  readonly stoppedAtMs: number | null;
  readonly durationMs: number;
  readonly sizeBytes: number;
  readonly failure: RecordingFailure | null;
  /** The limit that ended it; null if it was stopped otherwise, or goes on. */
  readonly reachedLimit: RecordingLimit | null;
}

/** The outcome of a request to record. `running`: the meeting is being recorded already. */
export type StartOutcome =
  | { readonly kind: 'started' | 'running'; readonly recording: RecordingRecord }
  | { readonly kind: 'notFound' }
  | { readonly kind: 'ended' };

/** How a recording ended. */
export interface RecordingEnd {
  readonly durationMs: number;
  readonly sizeBytes: number;
  /** Null if it can be watched as a whole. */
  readonly failure: RecordingFailure | null;
  readonly nowMs: number;
}

/**
 * What is known of recordings; their files are elsewhere. Every method is atomic, and a meeting has at most one running
 * recording over any number of processes. A discarded recording is found by nothing but {@link discarded}: its files are
 * still to be deleted.
 * @throws StoreError from every method if the database can't be reached
 */
export interface RecordingStore {
  /** Begins a recording of an open meeting, with that meeting's title, host and consent. */
  start(recording: NewRecording): Promise<StartOutcome>;
  find(id: string): Promise<RecordingRecord | null>;
  /** The recordings of a meeting that belong to this host, the newest first. */
  ofHost(meetingId: string, hostTokenHash: string): Promise<readonly RecordingRecord[]>;
  /** Up to `most` recordings of the site, the newest first. */
  newest(most: number): Promise<readonly RecordingRecord[]>;
  /** Recordings that have not been finished: `recording` or `stopped`. */
  unfinished(): Promise<readonly RecordingRecord[]>;
  /** Sets the state of a running recording to `stopped`, by a limit if there is one. Null if it is not running. */
  stop(id: string, nowMs: number, limit?: RecordingLimit | null): Promise<RecordingRecord | null>;
  /** Sets the state of an unfinished recording to `ready` or `failed`. Null if it is not unfinished. */
  finish(id: string, end: RecordingEnd): Promise<RecordingRecord | null>;
  /** Bytes of all finished recordings together. */
  totalBytes(): Promise<number>;
  /** Discards a recording. Returns whether there was one. */
  discard(id: string): Promise<boolean>;
  /** Discards the finished recordings that stopped before `beforeMs`. */
  discardOlder(beforeMs: number): Promise<void>;
  /** Ids of the recordings whose files are still to be deleted. */
  discarded(): Promise<readonly string[]>;
  /** Forgets a discarded recording, whose files are gone. */
  forget(id: string): Promise<void>;
}
