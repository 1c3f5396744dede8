import type { SeatedPerson } from '@/lib/core/meeting';
import type { PictureChoice } from '@/scene/frame/pictureQuality';
import type { RoomMood, View } from '@/scene/react/sceneContract';

/** A state of the room to draw. */
export interface RoomPicture {
  /** Seats of the meeting. */
  readonly seats: number;
  readonly people: readonly SeatedPerson[];
  readonly selfId?: string;
  readonly spectators?: number;
  readonly view?: View;
  readonly mood?: RoomMood;
  /** Ids of the speakers. */
  readonly speaking?: readonly string[];
  /** Ids of people whose page is hidden. */
  readonly away?: readonly string[];
  readonly pixelRatio?: number;
  readonly quality?: Exclude<PictureChoice, 'auto'>;
  /** Whether to wait for all avatars; else stand-ins may sit there. */
  readonly isDressed?: boolean;
  /** Whether people and spectators move and are drawn at any moment of it; else they hold still. */
  readonly isLively?: boolean;
}

/** A drawn picture, and what its frame cost. */
interface RoomShot {
  readonly draws: number;
  readonly triangles: number;
  /** As a data URL. */
  readonly png: string;
}

/** What the page offers as `globalThis.roomPage`. */
export interface RoomPage {
  /** Draws a picture. */
  show(picture: RoomPicture): Promise<RoomShot>;
}
