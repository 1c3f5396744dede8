'use client';

import { useState } from 'react';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { MeetingSession, SessionSnapshot } from '@/app/_session/sessionContract';
import { Icon } from '../../icons/Icon';
import { IconButton } from '../../ui/IconButton';
import noticeStyles from '../news/Notices.module.css';
import pillStyles from '../news/Pill.module.css';
import styles from './Recording.module.css';
import type { HostRecording } from './useRecording';

/** The mark that the meeting is being recorded. */
export function RecordingMark() {
  const { t } = useTranslator();
  return (
    <span className={styles.mark}>
      <span className={styles.dot} />
      {t('recording.mark')}
    </span>
  );
}

/** Asks the local participant whether they agree, where the meeting asks. People who have not said yes are not recorded. */
function ConsentNotice({ session, snapshot }: { session: MeetingSession; snapshot: SessionSnapshot }) {
  const { t } = useTranslator();
  const [answered, setAnswered] = useState<string | null>(null);
  const { meeting, self } = snapshot;
  const recording = meeting?.recording;
  const own = meeting?.people.find(({ id }) => id === self?.id);
  const isAsked = recording?.consent === 'ask' && own && own.agreesToRecording === undefined;
  if (!isAsked || answered === recording.id) return null;
  const answer = (agrees: boolean) => {
    setAnswered(recording.id);
    session.agreeToRecording(agrees).catch(() => setAnswered(null));
  };
  return (
    <div className={styles.ask} role="alertdialog" aria-label={t('recording.ask')}>
      <p>{t('recording.ask')}</p>
      <button type="button" className={styles.agree} onClick={() => answer(true)}>
        {t('recording.agree')}
      </button>
      <button type="button" className={styles.decline} onClick={() => answer(false)}>
        {t('recording.decline')}
      </button>
    </div>
  );
}

interface RecordingNoticesProps {
  readonly session: MeetingSession;
  readonly snapshot: SessionSnapshot;
  readonly recording: HostRecording;
}

/** What is to be said or asked about recordings: consent, and for the host where the last one is. */
export function RecordingNotices({ session, snapshot, recording }: RecordingNoticesProps) {
  const { t } = useTranslator();
  const { replayUrl, dismiss } = recording;
  return (
    <>
      <ConsentNotice session={session} snapshot={snapshot} />
      {replayUrl && (
        <div className={`${pillStyles.pill} ${noticeStyles.screen}`} role="status">
          <span className={pillStyles.words}>{t('recording.saved')}</span>
          <a className={noticeStyles.action} href={replayUrl} target="_blank" rel="noreferrer">
            <Icon name="arrowRight" sizePx={16} />
            {t('recording.watch')}
          </a>
          <IconButton icon="close" label={t('common.close')} onClick={dismiss} />
        </div>
      )}
    </>
  );
}
