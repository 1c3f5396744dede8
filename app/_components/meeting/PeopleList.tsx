'use client';

import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { SessionSnapshot } from '@/app/_session/sessionContract';
import { Portrait } from '../seats/Portrait';
import styles from './PeopleList.module.css';

/** Everybody on a seat, in the order of the seats, oneself marked. */
export function PeopleList({ snapshot }: { snapshot: SessionSnapshot }) {
  const { t } = useTranslator();
  const people = [...(snapshot.meeting?.people ?? [])].sort((a, b) => a.seat - b.seat);
  const selfId = snapshot.self?.id ?? null;
  if (people.length === 0) return <p className={styles.note}>{t('people.nobody')}</p>;
  const alone = people.length === 1 && people[0]?.id === selfId;
  return (
    <>
      <ul className={styles.list} aria-label={t('people.title')}>
        {people.map(({ id, name, avatar, seat }) => (
          <li key={id} className={styles.person}>
            <span className={styles.portrait}>
              <Portrait avatar={avatar} />
            </span>
            <span className={styles.words}>
              <span className={styles.name}>{name}</span>
              <span className={styles.seat}>{t('people.seat', { seat: seat + 1 })}</span>
            </span>
            {id === selfId && <span className={styles.you}>{t('people.you')}</span>}
          </li>
        ))}
      </ul>
      {alone && <p className={styles.note}>{t('people.alone')}</p>}
    </>
  );
}
