import type { LobbyMemory } from '@/app/_memory/lobbyMemory';
import type { MotionChoice } from '@/app/_session/sessionContract';
import { firstMotion } from '../camera/firstMotion';
import type { MeetingLink } from '../meeting/meetingLink';

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
