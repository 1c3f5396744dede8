'use client';

import type { ReactNode } from 'react';
import { useLater } from '@/app/_hooks/useLater';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import { Mark } from '../brand/Mark';
import styles from './PageHeader.module.css';
import wordmarkStyles from './Wordmark.module.css';

/** The mark with the name, leading home. */
function Wordmark() {
  const { t } = useTranslator();
  return (
    <a href="/" className={wordmarkStyles.wordmark} aria-label={t('app.home')}>
      <Mark sizePx={34} />
      <span>{t('app.name')}</span>
    </a>
  );
}

/** The top of a page: the wordmark, and opposite what the page puts there. */
export function PageHeader({ children }: { children: ReactNode }) {
  return (
    <header className={styles.header}>
      <Wordmark />
      <div className={styles.preferences}>{children}</div>
    </header>
  );
}

// A page does without them.
const loadPreferences = () =>
  import('./Preferences').then(
    (module) => module.Preferences,
    () => null,
  );

/** Language and appearance, fetched once the page stands: nobody waits for them, and most keep what they have. */
export function PreferencesLater() {
  const Preferences = useLater(loadPreferences);
  return Preferences && <Preferences />;
}
