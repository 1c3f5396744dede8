import type { LobbyMemory } from '@/app/_memory/lobbyMemory';
import type { VoiceMemory } from '@/app/_memory/voiceMemory';
import type { JoinChoice } from '@/app/_session/sessionContract';
import { DEFAULT_AVATAR } from '@/lib/core/avatars';
import type { MeetingRole } from '@/lib/core/meeting';
import type { MeetingLink } from './meetingLink';

const WATCHING: JoinChoice = {
  role: 'spectator',
  name: '',
  avatar: DEFAULT_AVATAR,
  motion: { kind: 'idle' },
  microphone: null,
};

/** What is remembered and matters before the first stay. */
type FirstMemory = LobbyMemory & Pick<VoiceMemory, 'deviceId'>;

/** What the lobby starts with: the link's word before what is remembered. */
export function lobbyStart(link: MeetingLink, memory: FirstMemory): JoinChoice {
  return {
    role: 'participant',
    name: link.name || memory.name,
    avatar: link.avatar ?? memory.avatar,
    microphone: link.microphone && { deviceId: memory.deviceId, muted: link.microphone === 'muted' },
    motion: link.motionUrl ? { kind: 'bvhUrl', url: link.motionUrl } : { kind: 'idle' },
  };
}

/** The choice with which a page joins by itself, or null where the lobby comes first. */
export function firstChoice(
  role: MeetingRole,
  link: MeetingLink,
  memory: FirstMemory,
  guest: string,
): JoinChoice | null {
  if (role === 'spectator') return WATCHING;
  if (!link.autojoin) return null;
  const start = lobbyStart(link, memory);
  return { ...start, name: start.name || guest };
}
