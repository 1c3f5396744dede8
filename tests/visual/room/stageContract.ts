import type { SeatedPerson } from '@/lib/core/meeting';
import type { PictureChoice } from '@/scene/frame/pictureQuality';
import type { CameraMode, RoomMood } from '@/scene/view/sceneContract';

/** A state of the room to be drawn. */
export interface RoomPicture {
  /** Seats of the meeting. */
  readonly seats: number;
  readonly people: readonly SeatedPerson[];
  readonly selfId?: string;
  readonly spectators?: number;
  readonly camera?: CameraMode;
  readonly mood?: RoomMood;
  /** Ids of those who speak. */
  readonly speaking?: readonly string[];
  readonly away?: readonly string[];
  readonly pixelRatio?: number;
  readonly quality?: Exclude<PictureChoice, 'auto'>;
  /** How long everything has had to come to rest, milliseconds of the scene's own clock. */
  readonly settleMs?: number;
}

/** A picture as drawn, and what its frame cost. */
export interface RoomShot {
  readonly draws: number;
  readonly triangles: number;
  /** As a data URL. */
  readonly png: string;
}

/** What a page of the room's stage offers as `globalThis.roomStage`. */
export interface RoomStage {
  /** Draws a picture. */
  show(picture: RoomPicture): Promise<RoomShot>;
  /** Says who speaks from now on. */
  speak(ids: readonly string[]): void;
  /** Lets the scene's clock go on by `ms`. */
  advance(ms: number): void;
}
