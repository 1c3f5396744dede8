'use client';

import type { ReactNode } from 'react';
import { MarkScene, type MarkStory } from '../brand/MarkScene';
import { PageHeader } from '../preferences/PageHeader';
import { PreferencesLater } from '../preferences/PreferencesLater';
import styles from './StateScreen.module.css';

/** A state that fills the page: the mark tells it, one sentence says it, one action leads on. */
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
