'use client';

import { useTranslator } from '@/app/_i18n/I18nProvider';
import { PageHeader } from '../preferences/PageHeader';
import { Preferences } from '../preferences/Preferences';
import styles from './HomeView.module.css';
import { NewMeeting } from './NewMeeting';
import { OpenMeeting } from './OpenMeeting';
import { RecentMeetings } from './RecentMeetings';
import { Vignette } from './Vignette';

/** The first page: one sentence, one button, one field, and two people talking. */
export function HomeView() {
  const { t } = useTranslator();
  return (
    <div className={styles.page}>
      <PageHeader>
        <Preferences />
      </PageHeader>
      <Vignette />
      <main className={styles.main}>
        <h1 className={styles.sentence}>{t('home.sentence')}</h1>
        <div className={styles.actions}>
          <NewMeeting />
          <OpenMeeting />
          <RecentMeetings />
        </div>
      </main>
    </div>
  );
}
