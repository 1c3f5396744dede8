'use client';

import { useEffect, useRef } from 'react';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { MicrophoneState, VoiceSession } from '@/app/_session/voiceContract';
import { useVoice } from '../voice/useVoice';

const REFUSED = ['denied', 'missing', 'busy', 'failed'] as const satisfies readonly MicrophoneState[];

/** Tells why there is no microphone, when it goes by itself, and what became of one's screen. */
export function useVoiceNews(voice: VoiceSession, say: (text: string) => void): void {
  const { t } = useTranslator();
  const { microphone } = useVoice(voice);
  const before = useRef(microphone);
  useEffect(() => {
    const wasStarting = before.current === 'starting';
    before.current = microphone;
    const refused = REFUSED.find((state) => state === microphone);
    if (wasStarting && refused) say(t(`microphone.${refused}`));
  }, [microphone, say, t]);
  useEffect(() => {
    const stops = [
      voice.news.on('microphoneLost', () => say(t('toast.microphoneLost'))),
      voice.news.on('screenEnded', () => say(t('toast.screenEnded'))),
      voice.news.on('screenFailed', ({ reason }) =>
        say(t(reason === 'denied' ? 'toast.screenDenied' : 'toast.screenFailed')),
      ),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [voice, say, t]);
}
