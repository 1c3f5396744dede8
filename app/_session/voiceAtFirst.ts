import type { VoiceMemory } from '@/app/_memory/voiceMemory';
import type { VoiceSnapshot } from './voiceContract';

export const NOBODY: ReadonlySet<string> = new Set();

/** What is shown before anybody is heard: silence, at the volumes that are remembered. */
export function voiceAtFirst({ deviceId, master, people }: VoiceMemory): VoiceSnapshot {
  return {
    microphone: 'off',
    deviceId,
    devices: [],
    isMuted: false,
    isTalking: false,
    isBlocked: false,
    speaking: NOBODY,
    mutedPeople: NOBODY,
    dominantSpeaker: null,
    master,
    volumes: people,
    screen: null,
    isSharing: false,
  };
}
