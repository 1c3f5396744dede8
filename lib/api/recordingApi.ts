import type { LiveRecording, RecordingView } from '@/lib/core/recording';
import type { AppInputs, AppOutputs } from '@/server/api/router';

/** A meeting or a recording by its id, with the host's token or a right that somebody has given. */
export type RecordingInput = AppInputs['recording']['get'];
export type ShareRecordingInput = AppInputs['recording']['share'];
export type SharedRecording = AppOutputs['recording']['share'];
export type PermitRecordingInput = AppInputs['recording']['permit'];
export type AgreeToRecordingInput = AppInputs['recording']['agree'];

/**
 * Calls about recordings, by the host or with a right from `share` or `permit`. Every promise rejects with a `ParleyApiError`,
 * whose `recordingReason` says more where there is more to say.
 */
export interface RecordingApi {
  /** Begins to record a meeting. One that is being recorded goes on, and its recording is returned. */
  start(meeting: RecordingInput): Promise<RecordingView>;
  /** Stops recording a meeting. The recording is `ready` then, unless finishing it takes longer than ten seconds. */
  stop(meeting: RecordingInput): Promise<RecordingView>;
  /** The recordings of a meeting, the newest first. */
  list(meeting: RecordingInput): Promise<readonly RecordingView[]>;
  /** A meeting's running recording, to be watched as it is made: anybody who knows the meeting may. */
  live(meeting: { readonly id: string }): Promise<LiveRecording>;
  get(recording: RecordingInput): Promise<RecordingView>;
  /** Deletes a recording and its files. */
  delete(recording: RecordingInput): Promise<void>;
  /** Gives a right to a recording, with its link: to watch it or, with `to: 'manage'`, to share and delete it as well. */
  share(recording: ShareRecordingInput): Promise<SharedRecording>;
  /** Gives the right to record a meeting; only the host can. */
  permit(meeting: PermitRecordingInput): Promise<{ readonly right: string; readonly expiresAt: string }>;
  /** Says whether a person in a meeting agrees to be recorded, which counts where the meeting asks. */
  agree(stay: AgreeToRecordingInput): Promise<void>;
}
