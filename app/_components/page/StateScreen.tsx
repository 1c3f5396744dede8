'use client';

import type { ReactNode } from 'react';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import { MarkScene, type MarkStory } from '../brand/Mark';
import { PageHeader, PreferencesLater } from './PageHeader';
import styles from './StateScreen.module.css';
import waitingStyles from './WaitingScreen.module.css';

/** A state that fills the page: the mark, one sentence, and one action to go on. */
export function StateScreen({ story, sentence, action }: { story: MarkStory; sentence: string; action?: ReactNode }) {
  return (
    <div className={styles.page}>
      <PageHeader>
        <PreferencesLater />
      </PageHeader>
      <main className={styles.main}>
        <div className={styles.table}>
          <MarkScene story={story} />
        </div>
        <h1 className={styles.sentence}>{sentence}</h1>
        {action}
      </main>
    </div>
  );
}

/** Shown until the page runs. In a browser too old to run it, the style sheet shows a sentence after a while. */
export function WaitingScreen() {
  const { t } = useTranslator();
  return (
    <div className={waitingStyles.waiting}>
      <MarkScene story="together" />
      <p className={waitingStyles.hint}>{t('app.slow')}</p>
    </div>
  );
}
