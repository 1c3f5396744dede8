import type { SelfView } from '@/lib/attend/attendanceState';
import type { Appearance, MeetingErrorReason, MeetingRole, MeetingView } from '@/lib/core/meeting';
import type { SessionPhase } from '@/lib/meeting/stats';
import type { QualityChoice } from '@/lib/quality/quality';
import type { PoseFeed } from '@/scene/frame/feeds';
import type { SceneHandle } from '@/scene/react/sceneContract';
import type { MicrophoneChoice, VoiceSession } from './voiceContract';
import type { WebcamSession } from './webcamSession';

/** Why a stay failed: what the API said, or what happened on the way to Jitsi. */
export type SessionFailureReason =
  | MeetingErrorReason
  | 'offline'
  | 'jitsiUnreachable'
  | 'jitsiRefused'
  | 'jitsiLost'
  | 'motionUnreadable';

/** A failure with what a sentence about it needs. */
export interface SessionFailure {
  readonly reason: SessionFailureReason;
  /** Seats, for `full`. */
  readonly limit?: number;
  /** Line of the file, for `motionUnreadable`; and what is wrong there. */
  readonly line?: number;
  readonly detail?: string;
}

/** Everything React draws of a stay; a new object a change, never at pose rate. */
export interface SessionSnapshot {
  readonly phase: SessionPhase;
  readonly failure: SessionFailure | null;
  /** Null until the API has answered. */
  readonly meeting: MeetingView | null;
  readonly self: SelfView | null;
  /** How one's own poses are sent; null before that, and for who only watches. */
  readonly quality: QualityChoice | null;
  /** Ids of the people whose page is hidden. */
  readonly awayIds: ReadonlySet<string>;
  /** Epoch milliseconds at which this stay became live, or null. */
  readonly liveSinceMs: number | null;
}

/** What moves one's avatar. */
export type MotionChoice =
  | { readonly kind: 'idle' }
  /** The camera with this id, '' for the browser's choice. */
  | { readonly kind: 'webcam'; readonly deviceId: string }
  | { readonly kind: 'bvhFile'; readonly fileName: string; readonly text: string }
  | { readonly kind: 'bvhUrl'; readonly url: string };

/** What a person chose in the lobby. */
export interface JoinChoice extends Appearance {
  readonly role: MeetingRole;
  readonly motion: MotionChoice;
  readonly microphone: MicrophoneChoice;
}

/** One stay in one meeting, from the lobby to the end. Read through `useSyncExternalStore`. */
export interface MeetingSession {
  subscribe(listener: () => void): () => void;
  getSnapshot(): SessionSnapshot;
  /** Looks the meeting up for the lobby: title, who is there, full, ended or not found. Never rejects. */
  look(): Promise<void>;
  /** Takes a seat (or watches) and connects. Never rejects: what goes wrong is in the snapshot. */
  join(choice: JoinChoice): Promise<void>;
  /** Changes one's name and avatar while one sits. Rejects with a ParleyApiError, everything being as before. */
  changeAppearance(appearance: Appearance): Promise<void>;
  /** Leaves for good. */
  leave(): Promise<void>;
  /** Ends the meeting for all; only with the host's token. Rejects with a ParleyApiError. */
  endForAll(): Promise<void>;
  /** Whether this browser holds the host's token of the meeting. */
  readonly isHost: boolean;
  /** Motion of everybody, oneself included. */
  readonly feed: PoseFeed;
  /** Voices and screens. */
  readonly voice: VoiceSession;
  /** One's own camera; it moves one's avatar and nothing else. */
  readonly webcam: WebcamSession;
  /** Tells the session which scene draws it, for `parley.stats()`. */
  attachScene(handle: SceneHandle | null): void;
}
