'use client';

import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { ScreenView, VoiceSession } from '@/app/_session/voiceContract';
import type { SeatedPerson } from '@/lib/core/meeting';
import { Icon } from '../icons/Icon';
import { useVoice } from '../voice/useVoice';
import styles from './RoomNotices.module.css';
import { screenLabel } from './screenLabel';

interface ScreenNoticeProps {
  readonly screen: ScreenView;
  readonly people: readonly SeatedPerson[];
  onLook(): void;
  onStop(): void;
}

/** Who shares a screen, with the one thing to do about it. */
function ScreenNotice({ screen, people, onLook, onStop }: ScreenNoticeProps) {
  const translator = useTranslator();
  const { t } = translator;
  return (
    <div className={styles.screen} role="status">
      <span className={styles.words}>{screenLabel(translator, screen, people)}</span>
      <button type="button" className={styles.action} onClick={screen.isOwn ? onStop : onLook}>
        <Icon name={screen.isOwn ? 'screenOff' : 'enlarge'} sizePx={16} />
        {t(screen.isOwn ? 'dock.stopSharing' : 'screen.look')}
      </button>
    </div>
  );
}

interface RoomNoticesProps {
  readonly voice: VoiceSession;
  readonly people: readonly SeatedPerson[];
  onLook(): void;
}

/** Top middle: what waits for a press. That nobody can be heard yet, and who shares a screen. */
export function RoomNotices({ voice, people, onLook }: RoomNoticesProps) {
  const { t } = useTranslator();
  const { isBlocked, screen } = useVoice(voice);
  return (
    <div className={styles.notices}>
      {isBlocked && (
        <button type="button" className={styles.hear} onClick={() => voice.hearOthers()}>
          <Icon name="volume" sizePx={20} />
          {t('voice.hear')}
        </button>
      )}
      {screen && (
        <ScreenNotice screen={screen} people={people} onLook={onLook} onStop={() => void voice.shareScreen(false)} />
      )}
    </div>
  );
}
