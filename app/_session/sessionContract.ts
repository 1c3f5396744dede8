import type { SelfView } from '@/lib/attend/attendanceState';
import type { Refusal } from '@/lib/core/deploymentFault';
import type { Appearance, MeetingErrorReason, MeetingRole, MeetingView } from '@/lib/core/meeting';
import type { RecordingView } from '@/lib/core/recording';
import type { SessionPhase } from '@/lib/meeting/stats';
import type { QualityChoice } from '@/lib/quality/quality';
import type { TransportTrouble } from '@/lib/transport/transport';
import type { PoseFeed } from '@/scene/frame/feeds';
import type { SceneHandle } from '@/scene/react/sceneContract';
import type { UploadAvatar } from './visit';
import type { MicrophoneChoice, VoiceSession } from './voiceContract';
import type { WebcamSession } from './webcamSession';

/** Why an attendance failed, as the page tells it: the API's reason, or what happened on the way to Jitsi. */
export type SessionFailureReason =
  | MeetingErrorReason
  | 'offline'
  | 'jitsiUnreachable'
  | 'jitsiRefused'
  | 'jitsiLost'
  | 'motionUnreadable';

/** A failure and what its sentence needs. */
export interface SessionFailure {
  readonly reason: SessionFailureReason;
  /** Seats, for `full`. */
  readonly limit?: number;
  /** Whether `unavailable` means that the site can't save anything right now. */
  readonly cannotSave?: boolean;
  /** Line of the file, for `motionUnreadable`. */
  readonly line?: number;
  /** What Jitsi refuses, if it refuses anything. */
  readonly refusal?: Refusal;
  /** What is wrong in the file, or what Jitsi said, in its own words. */
  readonly detail?: string;
}

/** Everything React draws of an attendance. A new object per change, never at pose rate. */
export interface SessionSnapshot {
  readonly phase: SessionPhase;
  readonly failure: SessionFailure | null;
  /** Null until the API has answered. */
  readonly meeting: MeetingView | null;
  readonly self: SelfView | null;
  /** How the local poses are sent; null before that, and for a spectator. */
  readonly quality: QualityChoice | null;
  /** Ids of the people whose page is hidden. */
  readonly awayIds: ReadonlySet<string>;
  /** Whether nothing has been heard from the API for a while, so that the list of people may be out of date. */
  readonly isOutOfDate: boolean;
  /** What of the conference is out of reach for the moment. */
  readonly trouble: TransportTrouble;
  /** Epoch milliseconds at which the attendance first became live, or null. */
  readonly liveSinceMs: number | null;
}

/** What moves the local avatar. */
export type MotionChoice =
  | { readonly kind: 'idle' }
  /** The webcam with this id, '' for the browser's choice. */
  | { readonly kind: 'webcam'; readonly deviceId: string }
  | { readonly kind: 'bvhFile'; readonly fileName: string; readonly text: string }
  | { readonly kind: 'bvhUrl'; readonly url: string };

/** What a person chose in the lobby. */
export interface JoinChoice extends Appearance {
  readonly role: MeetingRole;
  readonly motion: MotionChoice;
  readonly microphone: MicrophoneChoice;
}

/** A page's session: one meeting, from the lobby to the end. Read through `useSyncExternalStore`. */
export interface MeetingSession {
  subscribe(listener: () => void): () => void;
  getSnapshot(): SessionSnapshot;
  /** Looks the meeting up for the lobby: title, people, full, ended or not found. Never rejects. */
  look(): Promise<void>;
  /** Takes a seat (or watches) and connects. Never rejects: failures are in the snapshot. */
  join(choice: JoinChoice): Promise<void>;
  /** Changes name and avatar of the local participant. Rejects with a ParleyApiError, leaving both unchanged. */
  changeAppearance(appearance: Appearance): Promise<void>;
  /** Uploads a custom avatar. Rejects with a ParleyApiError. */
  readonly uploadAvatar: UploadAvatar;
  /** Leaves for good. */
  leave(): Promise<void>;
  /** Ends the meeting for all; needs the host token. Rejects with a ParleyApiError. */
  endForAll(): Promise<void>;
  /** Begins to record the meeting; needs the host token. Rejects with a ParleyApiError. */
  startRecording(): Promise<void>;
  /** Stops recording the meeting, and resolves with the recording. Rejects with a ParleyApiError. */
  stopRecording(): Promise<RecordingView>;
  /** Says whether the local person agrees to be recorded. Rejects with a ParleyApiError. */
  agreeToRecording(agrees: boolean): Promise<void>;
  /** Whether this browser holds the meeting's host token. */
  readonly isHost: boolean;
  /** Motion of all participants, including the local one. */
  readonly feed: PoseFeed;
  /** Voices and screens. */
  readonly voice: VoiceSession;
  /** The webcam. It moves the local avatar and nothing else. */
  readonly webcam: WebcamSession;
  /** Sets the scene that draws the session, for `parley.stats()`. */
  attachScene(handle: SceneHandle | null): void;
}
