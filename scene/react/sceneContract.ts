import type { FrameFigures } from '@/lib/core/frameFigures';
import type { HearingSink } from '@/lib/core/hearingSink';
import type { Participant } from '@/lib/core/meeting';
import type { Pose } from '@/lib/pose/pose';
import type { CameraPlace, View } from '@/scene/camera/cameraDirector';
import type { PoseFeed, VoiceFeed } from '@/scene/frame/feeds';
import type { StepFigures } from '@/scene/frame/frameLoop';
import type { PictureChoice } from '@/scene/frame/pictureQuality';
import type { RoomMood } from '@/scene/room/light/moods';

export type { CameraPlace, RoomMood, View };

/** A picture that the page draws, and draws again when it changes. */
interface DrawnPicture {
  readonly canvas: HTMLCanvasElement;
  /** Another number for each picture; 0 as long as there is none. */
  readonly version: number;
}

/** A screen that a participant shares. */
export interface SharedScreen {
  /** Whose it is, for the caption of the room's screen. */
  readonly name: string;
  /** Plays or holds the picture; belongs to the page. */
  readonly picture: HTMLVideoElement | DrawnPicture;
}

/** What the page can ask of a running scene. */
export interface SceneHandle {
  /** Writes the rotations and hips of `personId` as last drawn into `out`; false where that person is not drawn. */
  drawnPose(personId: string, out: Pose): boolean;
  /** From where the camera looks now. */
  cameraPlace(): CameraPlace;
  /** Level of detail at which `personId` is drawn, 0 the finest; -1 where not drawn. */
  lod(personId: string): number;
  frameStats(): FrameFigures;
  /** Starts or stops measuring the steps of the frame list; off at first. */
  watchSteps(isOn: boolean): void;
  /** What each step takes while they are watched, in their order. */
  stepTimes(): StepFigures;
}

/** Texts of the name plates, from the message catalogue. */
export interface PlateLabels {
  readonly you: string;
  readonly reconnecting: string;
  readonly away: string;
  readonly unheard: string;
}

/**
 * What the scene shows, passed as a whole on every change. Joining and leaving go through React, a frame never does.
 */
export interface MeetingSettings {
  /** All participants, the local one included. */
  readonly people: readonly Participant[];
  /** The local participant's id, or null for a spectator. */
  readonly selfId: string | null;
  /** Whether the local participant's avatar is drawn (in `firstPerson` it never is). */
  readonly showSelf: boolean;
  readonly feed: PoseFeed;
  /** How loud each person speaks: moves mouths that no webcam follows, and lights plates. */
  readonly voices: VoiceFeed;
  /** Is told every frame where the listener and all mouths are; null where nothing is heard. */
  readonly ears: HearingSink | null;
  /** Ids of those whose page is hidden. */
  readonly away: ReadonlySet<string>;
  /** Ids of those whose voice does not come through. */
  readonly unheard: ReadonlySet<string>;
  /** Number of spectators: as many sit in the gallery. */
  readonly spectators: number;
  /** Shown on the room's screen; null rolls it up. */
  readonly screen: SharedScreen | null;
  /** Whether the meeting is being recorded: a lamp on the table is lit. */
  readonly isRecorded: boolean;
  readonly view: View;
  readonly mood: RoomMood;
  readonly reducedMotion: boolean;
  /** Texts of the name plates, from the message catalogue. */
  readonly labels: PlateLabels;
}

/** The scene as the page uses it. */
export interface MeetingSceneProps extends MeetingSettings {
  /** Seats of the meeting. */
  readonly seats: number;
  /** Whether something covers the whole picture, which is then not drawn. */
  readonly covered: boolean;
  /** How finely the scene is drawn. */
  readonly picture: PictureChoice;
  /** Accessible name of the picture. */
  readonly label: string;
  /** Called once the first frame has been drawn. */
  onReady(handle: SceneHandle): void;
  /** Called where the browser can't draw: no WebGL2, or its context is lost for good. */
  onUnsupported(): void;
}
