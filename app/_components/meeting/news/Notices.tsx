'use client';

import { useSnapshot } from '@/app/_hooks/useSnapshot';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { Translator } from '@/app/_i18n/translator';
import type { ScreenView, VoiceSession } from '@/app/_session/voiceContract';
import type { MeetingRole, SeatedPerson } from '@/lib/core/meeting';
import type { SessionPhase } from '@/lib/meeting/stats';
import { Mark } from '../../brand/Mark';
import { Icon } from '../../icons/Icon';
import veilStyles from './ConnectionVeil.module.css';
import styles from './Notices.module.css';
import toastStyles from './Toasts.module.css';
import type { Toast } from './useNews';

/** Whose screen it is, as a sentence. */
export function screenLabel({ t }: Translator, screen: ScreenView, people: readonly SeatedPerson[]): string {
  if (screen.isOwn) return t('screen.youShare');
  const name = people.find(({ id }) => id === screen.personId)?.name;
  return name ? t('screen.shares', { name }) : t('screen.someoneShares');
}

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
        {t(screen.isOwn ? 'dock.stopSharing' : 'screen.enlarge')}
      </button>
    </div>
  );
}

interface NoticesProps {
  readonly voice: VoiceSession;
  readonly people: readonly SeatedPerson[];
  onLook(): void;
}

/** Top middle, what waits for a press: that the browser still blocks sound, and who shares a screen. */
export function Notices({ voice, people, onLook }: NoticesProps) {
  const { t } = useTranslator();
  const { isBlocked, screen } = useSnapshot(voice);
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

/** Covers the room while connecting, with the scene visible behind it; a thin bar while reconnecting. */
export function ConnectionVeil({ phase, meetingRole: role }: { phase: SessionPhase; meetingRole: MeetingRole }) {
  const { t } = useTranslator();
  return (
    <div role="status" className={veilStyles.status}>
      {phase === 'connecting' && (
        <div className={veilStyles.veil}>
          <p className={veilStyles.card}>
            <Mark sizePx={36} />
            {t(role === 'spectator' ? 'meeting.connectingWatch' : 'meeting.connecting')}
          </p>
        </div>
      )}
      {phase === 'reconnecting' && (
        <>
          <div className={veilStyles.line} />
          <p className={veilStyles.lost}>{t('meeting.reconnecting')}</p>
        </>
      )}
    </div>
  );
}

/** Short messages, bottom left, read aloud politely. */
export function Toasts({ toasts }: { toasts: readonly Toast[] }) {
  return (
    <div className={toastStyles.toasts} role="log" aria-live="polite">
      {toasts.map(({ id, text }) => (
        <p key={id} className={toastStyles.toast}>
          {text}
        </p>
      ))}
    </div>
  );
}
