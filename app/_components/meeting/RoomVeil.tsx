'use client';

import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { SessionPhase } from '@/app/_session/sessionContract';
import type { MeetingRole } from '@/lib/core/meeting';
import { Mark } from '../brand/Mark';
import styles from './RoomVeil.module.css';

/** Over the room while connecting (the scene stays visible behind) and, as a thin bar, while reconnecting. */
export function RoomVeil({ phase, meetingRole: role }: { phase: SessionPhase; meetingRole: MeetingRole }) {
  const { t } = useTranslator();
  return (
    <div role="status" className={styles.status}>
      {phase === 'connecting' && (
        <div className={styles.veil}>
          <p className={styles.card}>
            <Mark sizePx={36} />
            {t(role === 'spectator' ? 'meeting.connectingWatch' : 'meeting.connecting')}
          </p>
        </div>
      )}
      {phase === 'reconnecting' && (
        <>
          <div className={styles.line} />
          <p className={styles.lost}>{t('meeting.reconnecting')}</p>
        </>
      )}
    </div>
  );
}
