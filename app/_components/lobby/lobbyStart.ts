import type { LobbyMemory } from '@/app/_memory/lobbyMemory';
import { recallWebcam } from '@/app/_memory/webcamMemory';
import type { MotionChoice } from '@/app/_session/sessionContract';
import type { MeetingLink } from '../meeting/meetingLink';

/** The motion to start with: the link's, the webcam if it was used last, or idle. */
function firstMotion(link: MeetingLink, remembered = recallWebcam()): MotionChoice {
  if (link.motionUrl) return { kind: 'bvhUrl', url: link.motionUrl };
  // A page that joins by itself opens the webcam only if its link may.
  const isWanted = link.webcam || (remembered.isWanted && !link.autojoin);
  return isWanted ? { kind: 'webcam', deviceId: remembered.deviceId } : { kind: 'idle' };
}

/** The choices of the lobby, except for the microphone. */
export interface LobbyStart {
  readonly name: string;
  /** A reference as `parseAvatarRef` reads it. */
  readonly avatar: string;
  readonly motion: MotionChoice;
}

/** What the lobby starts with: the link's choices, then the remembered ones. */
export function lobbyStart(link: MeetingLink, memory: LobbyMemory): LobbyStart {
  return {
    name: link.name || memory.name,
    avatar: link.avatar ?? memory.avatar,
    motion: firstMotion(link),
  };
}
