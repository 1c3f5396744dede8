'use client';

import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { SessionSnapshot } from '@/app/_session/sessionContract';
import type { VoiceSession } from '@/app/_session/voiceContract';
import { useVoice } from '../voice/useVoice';
import styles from './PeopleList.module.css';
import { PersonRow } from './PersonRow';

/** Everybody on a seat, in the order of the seats, oneself marked. */
export function PeopleList({ snapshot, voice }: { snapshot: SessionSnapshot; voice: VoiceSession }) {
  const { t } = useTranslator();
  const heard = useVoice(voice);
  const people = [...(snapshot.meeting?.people ?? [])].sort((a, b) => a.seat - b.seat);
  const selfId = snapshot.self?.id ?? null;
  if (people.length === 0) return <p className={styles.note}>{t('people.nobody')}</p>;
  const alone = people.length === 1 && people[0]?.id === selfId;
  return (
    <>
      <ul className={styles.list} aria-label={t('people.title')}>
        {people.map((person) => (
          <PersonRow key={person.id} person={person} isSelf={person.id === selfId} voice={voice} heard={heard} />
        ))}
      </ul>
      {alone && <p className={styles.note}>{t('people.alone')}</p>}
    </>
  );
}
