import type { SeatedPerson } from '@/lib/core/meeting';
import type { PictureChoice } from '@/scene/frame/pictureQuality';
import type { RoomMood, View } from '@/scene/react/sceneContract';

/** A state of the room to be drawn. */
export interface RoomPicture {
  /** Seats of the meeting. */
  readonly seats: number;
  readonly people: readonly SeatedPerson[];
  readonly selfId?: string;
  readonly spectators?: number;
  readonly view?: View;
  readonly mood?: RoomMood;
  /** Ids of those who speak. */
  readonly speaking?: readonly string[];
  /** Ids of those whose page is hidden. */
  readonly away?: readonly string[];
  readonly pixelRatio?: number;
  readonly quality?: Exclude<PictureChoice, 'auto'>;
  /** Whether to wait for everybody's avatar; else stand-ins sit there where none comes. */
  readonly isDressed?: boolean;
  /** Whether people and audience move as they do, and are met at any moment of it; else they hold still. */
  readonly isLively?: boolean;
}

/** A picture as drawn, and what its frame cost. */
interface RoomShot {
  readonly draws: number;
  readonly triangles: number;
  /** As a data URL. */
  readonly png: string;
}

/** What a page of the room offers as `globalThis.roomPage`. */
export interface RoomPage {
  /** Draws a picture. */
  show(picture: RoomPicture): Promise<RoomShot>;
}
