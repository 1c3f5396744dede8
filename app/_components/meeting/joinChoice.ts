import type { LobbyMemory } from '@/app/_memory/lobbyMemory';
import type { VoiceMemory } from '@/app/_memory/voiceMemory';
import type { JoinChoice, MotionChoice } from '@/app/_session/sessionContract';
import type { WebcamSnapshot } from '@/app/_session/webcamSession';
import { DEFAULT_AVATAR } from '@/lib/core/avatars';
import type { MeetingRole } from '@/lib/core/meeting';
import { type LobbyStart, lobbyStart } from '../lobby/lobbyStart';
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

/** The choice with which a page joins by itself. */
export function firstChoice(role: MeetingRole, link: MeetingLink, memory: FirstMemory, guest: string): JoinChoice {
  if (role === 'spectator') return WATCHING;
  const start: LobbyStart = lobbyStart(link, memory);
  const microphone = link.microphone && { deviceId: memory.deviceId, muted: link.microphone === 'muted' };
  return { ...start, role, name: start.name || guest, microphone };
}

/** With what one sits down again: the camera where it was on last, and never where it had been put off. */
export function motionAsLast(chosen: MotionChoice, camera: Pick<WebcamSnapshot, 'phase' | 'deviceId'>): MotionChoice {
  if (camera.phase === 'live' || camera.phase === 'starting') return { kind: 'camera', deviceId: camera.deviceId };
  return chosen.kind === 'camera' ? { kind: 'idle' } : chosen;
}
