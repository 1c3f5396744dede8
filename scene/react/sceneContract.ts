import type { HearingSink } from '@/lib/core/hearingSink';
import type { SeatedPerson } from '@/lib/core/meeting';
import type { Pose } from '@/lib/pose/pose';
import type { PoseFeed, VoiceFeed } from '@/scene/frame/feeds';
import type { StepFigures } from '@/scene/frame/frameLoop';
import type { FrameFigures } from '@/scene/frame/frameStats';
import type { PictureChoice } from '@/scene/frame/pictureQuality';

/**
 * `orbit` around the people, `overTable` from above them, `speaker` shows whoever speaks, `firstPerson` from one's own
 * seat, `free` to fly about.
 */
export type CameraMode = 'orbit' | 'overTable' | 'speaker' | 'firstPerson' | 'free';

/** Light of the room. */
export type RoomMood = 'day' | 'evening' | 'dark';

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
  /** Whether a shared picture is on the room's screen now. */
  screenShown(): boolean;
  /** How loud `personId` looks to speak, 0 to 1: what their plate and the table before them show; 0 where not drawn. */
  voiceLevel(personId: string): number;
}

/** The scene as the page uses it. Only joining and leaving pass through React, never a frame. */
export interface MeetingSceneProps {
  /** Everybody on a seat, oneself included. */
  people: readonly SeatedPerson[];
  /** Seats of the room. */
  seats: number;
  /** One's own id, or null for a spectator. */
  selfId: string | null;
  /** Whether one's own avatar is drawn (in `firstPerson` it never is). */
  showSelf: boolean;
  feed: PoseFeed;
  /** Who speaks how loud: moves mouths that no camera follows, and lights plates. */
  voices: VoiceFeed;
  /** Who is told every frame where the listener and everybody's mouths are; null where nobody listens. */
  ears: HearingSink | null;
  /** Ids of those whose page is hidden. */
  away: ReadonlySet<string>;
  /** How many watch: so many sit in the room's gallery. */
  spectators: number;
  /** Shown on the room's screen; null rolls it up. */
  screen: SharedScreen | null;
  /** Whether something lies over the whole picture: it is not drawn meanwhile. */
  covered: boolean;
  camera: CameraMode;
  /** How finely all is drawn. */
  picture: PictureChoice;
  mood: RoomMood;
  reducedMotion: boolean;
  /** Accessible name of the picture. */
  label: string;
  /** Texts shown on name plates, such as "reconnecting"; from the message catalogue. */
  labels: { you: string; reconnecting: string; away: string };
  /** Called where somebody clicks or taps the picture on the room's screen. */
  onScreenClick?(): void;
  /** Called once when the first frame has been drawn. */
  onReady(handle: SceneHandle): void;
  /** Called where the browser can't draw: no WebGL2, or its context is lost for good. */
  onUnsupported(): void;
}
