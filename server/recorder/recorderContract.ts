import type { Emitter } from '@/lib/core/emitter';
import type { MeetingEvent, SeatedPerson } from '@/lib/core/meeting';
import type { RecordingConsent, RecordingFailure } from '@/lib/core/recording';

/** A recording to be made. Plain data: it crosses processes. */
export interface RecordingOrder {
  readonly id: string;
  readonly meetingId: string;
  /** The meeting's title. */
  readonly title: string;
  readonly consent: RecordingConsent;
  /** Unix ms at the recording's time 0. */
  readonly startedAtMs: number;
  /** Who has a seat now. */
  readonly people: readonly SeatedPerson[];
  /** Whether it goes on with what an earlier recorder has kept, which may be nothing. */
  readonly resumes: boolean;
}

/** A segment that is kept: its row in the recording's index. */
export interface KeptSegment {
  /** Second of the recording's time. */
  readonly number: number;
  /** Where it begins in the recording. */
  readonly atByte: number;
  readonly sizeBytes: number;
  readonly hasState: boolean;
  /** Tracks with a keyframe, as bits 0 to 31 and 32 to 63. */
  readonly keyframesLow: number;
  readonly keyframesHigh: number;
}

export interface RecorderEvents {
  /** A segment of a recording is kept: it will outlast a crash. */
  kept: { readonly id: string; readonly segment: KeptSegment };
  /** A recording is over: it was stopped, or could not go on (`failure`). What was kept until then is whole. */
  ended: {
    readonly id: string;
    readonly durationMs: number;
    readonly sizeBytes: number;
    readonly failure: RecordingFailure | null;
  };
  /** The recorder itself has started again: what it was recording must be ordered again. */
  restarted: object;
}

/** What makes recordings, wherever it runs. Nothing that it is told throws. */
export interface Recorder {
  readonly events: Emitter<RecorderEvents>;
  start(order: RecordingOrder): void;
  /** Tells what has changed in the meeting of a recording. */
  follow(id: string, event: MeetingEvent): void;
  /** Ends a recording; `ended` follows. */
  stop(id: string): void;
}
