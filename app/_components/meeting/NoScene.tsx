'use client';

import { useMediaQuery } from '@/app/_hooks/useMediaQuery';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { SessionSnapshot } from '@/app/_session/sessionContract';
import type { VoiceSession } from '@/app/_session/voiceContract';
import { SEATS_MAX } from '@/lib/core/meeting';
import { MarkScene } from '../brand/MarkScene';
import { SeatRing } from '../seats/SeatRing';
import styles from './NoScene.module.css';
import { PeopleList } from './PeopleList';

/** The room without 3D: the table from above and the people by name. One is still in the meeting. */
export function NoScene({ snapshot, voice }: { snapshot: SessionSnapshot; voice: VoiceSession }) {
  const { t } = useTranslator();
  const narrow = useMediaQuery('(max-width: 860px)');
  const people = snapshot.meeting?.people ?? [];
  return (
    <div className={styles.page}>
      <div className={styles.table}>
        {people.length === 0 ? (
          <MarkScene story="outline" />
        ) : (
          <SeatRing
            seats={snapshot.meeting?.maxParticipants ?? SEATS_MAX}
            people={people}
            sizePx={narrow ? 220 : 320}
          />
        )}
      </div>
      <div className={styles.words}>
        <p className={styles.sentence}>{t('failure.noWebgl')}</p>
        <PeopleList snapshot={snapshot} voice={voice} />
      </div>
    </div>
  );
}
