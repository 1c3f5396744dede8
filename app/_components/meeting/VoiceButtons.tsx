'use client';

import { useCallback, useRef } from 'react';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { VoiceSession } from '@/app/_session/voiceContract';
import { canShareScreen } from '@/lib/voice/microphones';
import { useLevel } from '../voice/useLevel';
import { useVoice } from '../voice/useVoice';
import { DockButton } from './DockButton';
import { microphoneLook } from './microphoneLook';
import styles from './VoiceButtons.module.css';

/** How loud one is to the others, as a ring that breathes. */
function LevelRing({ voice }: { voice: VoiceSession }) {
  const ring = useRef<HTMLSpanElement>(null);
  const read = useCallback(() => voice.ownLevel(), [voice]);
  useLevel(ring, read);
  return <span className={styles.ring} ref={ring} />;
}

/** What a person on a seat sends: the voice, and a screen where the browser can. */
export function VoiceButtons({ voice }: { voice: VoiceSession }) {
  const { t } = useTranslator();
  const snapshot = useVoice(voice);
  const { icon, label, tone, hint, busy } = microphoneLook(snapshot);
  return (
    <>
      <DockButton
        icon={icon}
        label={t(label)}
        shortcut="M"
        tone={tone}
        hint={hint && t(hint)}
        busy={busy}
        onClick={() => voice.toggleMuted()}
      >
        {tone === 'live' && <LevelRing voice={voice} />}
      </DockButton>
      {canShareScreen() && (
        <DockButton
          icon={snapshot.isSharing ? 'screenOff' : 'screen'}
          label={t(snapshot.isSharing ? 'dock.stopSharing' : 'dock.share')}
          shortcut="S"
          roomy
          pressed={snapshot.isSharing}
          onClick={() => void voice.shareScreen(!snapshot.isSharing)}
        />
      )}
    </>
  );
}
