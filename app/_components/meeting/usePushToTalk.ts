'use client';

import { useEffect } from 'react';
import type { VoiceSession } from '@/app/_session/voiceContract';
import { beginsTalk, endsTalk } from './talkKey';

/** Opens a muted microphone while Space is held. Let go also where the key's end would not be noticed. */
export function usePushToTalk(voice: VoiceSession, isWanted: boolean): void {
  useEffect(() => {
    if (!isWanted) return;
    const release = () => voice.release();
    const onDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || !beginsTalk(event)) return;
      event.preventDefault();
      if (!event.repeat) voice.hold();
    };
    const onUp = (event: KeyboardEvent) => {
      if (endsTalk(event)) release();
    };
    window.addEventListener('keydown', onDown);
    window.addEventListener('keyup', onUp);
    window.addEventListener('blur', release);
    document.addEventListener('visibilitychange', release);
    return () => {
      window.removeEventListener('keydown', onDown);
      window.removeEventListener('keyup', onUp);
      window.removeEventListener('blur', release);
      document.removeEventListener('visibilitychange', release);
      release();
    };
  }, [voice, isWanted]);
}
