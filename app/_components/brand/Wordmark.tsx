'use client';

import { useTranslator } from '@/app/_i18n/I18nProvider';
import { Mark } from './Mark';
import styles from './Wordmark.module.css';

/** The mark with the name, leading home. */
export function Wordmark() {
  const { t } = useTranslator();
  return (
    <a href="/" className={styles.wordmark} aria-label={t('app.home')}>
      <Mark sizePx={34} />
      <span>{t('app.name')}</span>
    </a>
  );
}
