'use client';

import { useTranslator } from '@/app/_i18n/I18nProvider';
import { MarkScene } from '../brand/MarkScene';
import styles from './WaitingScreen.module.css';

/** Shown until the page runs. A browser too old to run it gets a sentence after a while, by style sheet alone. */
export function WaitingScreen() {
  const { t } = useTranslator();
  return (
    <div className={styles.waiting}>
      <MarkScene story="together" />
      <p className={styles.hint}>{t('app.slow')}</p>
    </div>
  );
}
