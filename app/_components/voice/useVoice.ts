'use client';

import { useSyncExternalStore } from 'react';
import type { VoiceSession, VoiceSnapshot } from '@/app/_session/voiceContract';

/** What React draws of sound and screens. */
export function useVoice(voice: VoiceSession): VoiceSnapshot {
  return useSyncExternalStore(voice.subscribe, voice.getSnapshot, voice.getSnapshot);
}
