'use client';

import Link from 'next/link';
import { useSyncExternalStore } from 'react';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import { recentMeetings } from '@/app/_memory/recentMeetings';
import { IconButton } from '../ui/IconButton';
import styles from './RecentMeetings.module.css';

const SHOWN_MAX = 3;

/** The meetings this browser has been to, newest first. Nothing where there are none. */
export function RecentMeetings() {
  const { t, language } = useTranslator();
  const meetings = useSyncExternalStore(
    recentMeetings.subscribe,
    recentMeetings.getSnapshot,
    recentMeetings.getServerSnapshot,
  );
  if (meetings.length === 0) return null;
  const day = new Intl.DateTimeFormat(language, { month: 'short', day: 'numeric' });
  return (
    <section className={styles.recent} aria-label={t('home.recent')}>
      <h2 className={styles.heading}>{t('home.recent')}</h2>
      <ul>
        {meetings.slice(0, SHOWN_MAX).map(({ id, title, visitedMs }) => (
          <li key={id} className={styles.row}>
            <Link href={`/m/${id}`} className={styles.link} prefetch={false}>
              <span className={styles.title}>{title || id}</span>
              <time className={styles.day} dateTime={new Date(visitedMs).toISOString()}>
                {day.format(visitedMs)}
              </time>
            </Link>
            <IconButton
              icon="close"
              label={t('home.remove', { title: title || id })}
              onClick={() => recentMeetings.remove(id)}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}
