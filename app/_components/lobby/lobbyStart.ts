import type { LobbyMemory } from '@/app/_memory/lobbyMemory';
import { recallWebcam } from '@/app/_memory/webcamMemory';
import type { MotionChoice } from '@/app/_session/sessionContract';
import type { MeetingLink } from '../meeting/meetingLink';

/** What moves one at first: what the link says, the camera where one sat down with it last, or nothing but oneself. */
export function firstMotion(link: MeetingLink, remembered = recallWebcam()): MotionChoice {
  if (link.motionUrl) return { kind: 'bvhUrl', url: link.motionUrl };
  // A page that joins by itself asks for a camera only where its link says so.
  const isWanted = link.camera || (remembered.isWanted && !link.autojoin);
  return isWanted ? { kind: 'camera', deviceId: remembered.deviceId } : { kind: 'idle' };
}

/** What the lobby asks, besides the microphone. */
export interface LobbyStart {
  readonly name: string;
  /** A reference as `parseAvatarRef` reads it. */
  readonly avatar: string;
  readonly motion: MotionChoice;
}

/** What the lobby starts with: the link's word before what is remembered. */
export function lobbyStart(link: MeetingLink, memory: LobbyMemory): LobbyStart {
  return {
    name: link.name || memory.name,
    avatar: link.avatar ?? memory.avatar,
    motion: firstMotion(link),
  };
}
