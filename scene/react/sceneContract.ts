import type { HearingSink } from '@/lib/core/hearingSink';
import type { SeatedPerson } from '@/lib/core/meeting';
import type { Pose } from '@/lib/pose/pose';
import type { PoseFeed, VoiceFeed } from '@/scene/frame/feeds';
import type { StepFigures } from '@/scene/frame/frameLoop';
import type { FrameFigures } from '@/scene/frame/frameStats';
import type { PictureChoice } from '@/scene/frame/pictureQuality';
import type { RoomMood } from '@/scene/room/light/moods';

export type { RoomMood };

/**
 * `orbit` around the people, `overTable` from above them, `speaker` shows whoever speaks, `firstPerson` from one's own
 * seat, `free` to fly about.
 */
export type CameraMode = 'orbit' | 'overTable' | 'speaker' | 'firstPerson' | 'free';

/** A screen that somebody shares. */
export interface SharedScreen {
  /** Whose it is, for the label of the room's screen. */
  readonly name: string;
  /** Plays the picture; belongs to the page. */
  readonly video: HTMLVideoElement;
}

/** What the page may ask of a running scene. */
export interface SceneHandle {
  /** Writes the rotations and hips of `personId` as last drawn into `out`; false where that person is not drawn. */
  drawnPose(personId: string, out: Pose): boolean;
  /** Level of detail at which `personId` is drawn, 0 the finest; -1 where not drawn. */
  lod(personId: string): number;
  frameStats(): FrameFigures;
  /** Begins or stops to measure the steps of the frame list; off at first. */
  watchSteps(isOn: boolean): void;
  /** What each step takes while they are watched, in their order. */
  stepTimes(): StepFigures;
}

/** What the scene shows; whole, whenever something of it changes. Only joining and leaving pass through React, never a frame. */
export interface MeetingSettings {
  /** Everybody on a seat, the local participant included. */
  readonly people: readonly SeatedPerson[];
  /** The local participant's id, or null for a spectator. */
  readonly selfId: string | null;
  /** Whether the local participant's avatar is drawn (in `firstPerson` it never is). */
  readonly showSelf: boolean;
  readonly feed: PoseFeed;
  /** How loud everybody speaks: moves mouths that no webcam follows, and lights plates. */
  readonly voices: VoiceFeed;
  /** Is told every frame where the listener and everybody's mouths are; null where nothing is heard. */
  readonly ears: HearingSink | null;
  /** Ids of those whose page is hidden. */
  readonly away: ReadonlySet<string>;
  /** How many watch: so many sit in the room's gallery. */
  readonly spectators: number;
  /** Shown on the room's screen; null rolls it up. */
  readonly screen: SharedScreen | null;
  readonly camera: CameraMode;
  readonly mood: RoomMood;
  readonly reducedMotion: boolean;
  /** Texts of the name plates, from the message catalogue. */
  readonly labels: { readonly you: string; readonly reconnecting: string; readonly away: string };
}

/** The scene as the page uses it. */
export interface MeetingSceneProps extends MeetingSettings {
  /** Seats of the meeting. */
  readonly seats: number;
  /** Whether something lies over the whole picture: it is not drawn meanwhile. */
  readonly covered: boolean;
  /** How finely all is drawn. */
  readonly picture: PictureChoice;
  /** Accessible name of the picture. */
  readonly label: string;
  /** Called once the first frame has been drawn. */
  onReady(handle: SceneHandle): void;
  /** Called where the browser can't draw: no WebGL2, or its context is lost for good. */
  onUnsupported(): void;
}
