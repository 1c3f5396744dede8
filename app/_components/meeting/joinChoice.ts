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

/** What is remembered that matters for the first attendance. */
type FirstMemory = LobbyMemory & Pick<VoiceMemory, 'deviceId'>;

/** The choice of a page that joins without the lobby. */
export function firstChoice(role: MeetingRole, link: MeetingLink, memory: FirstMemory, guest: string): JoinChoice {
  if (role === 'spectator') return WATCHING;
  const start: LobbyStart = lobbyStart(link, memory);
  const microphone = link.microphone && { deviceId: memory.deviceId, muted: link.microphone === 'muted' };
  return { ...start, role, name: start.name || guest, microphone };
}

/** The motion for joining again: the webcam if it was on last, and never if it had been turned off. */
export function motionAsLast(chosen: MotionChoice, webcam: Pick<WebcamSnapshot, 'phase' | 'deviceId'>): MotionChoice {
  if (webcam.phase === 'live' || webcam.phase === 'starting') return { kind: 'webcam', deviceId: webcam.deviceId };
  return chosen.kind === 'webcam' ? { kind: 'idle' } : chosen;
}
