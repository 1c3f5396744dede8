'use client';

import type { ReactNode } from 'react';
import { useLater } from '@/app/_hooks/useLater';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import { Mark } from '../brand/Mark';
import styles from './PageHeader.module.css';
import wordmarkStyles from './Wordmark.module.css';

/** The mark with the name; links to the home page. */
function Wordmark() {
  const { t } = useTranslator();
  return (
    <a href="/" className={wordmarkStyles.wordmark} aria-label={t('app.home')}>
      <Mark sizePx={34} />
      <span>{t('app.name')}</span>
    </a>
  );
}

/** The top of a page: the wordmark, and the page's own controls on the other side. */
export function PageHeader({ children }: { children: ReactNode }) {
  return (
    <header className={styles.header}>
      <Wordmark />
      <div className={styles.preferences}>{children}</div>
    </header>
  );
}

// The page works without them.
const loadPreferences = () =>
  import('./Preferences').then(
    (module) => module.Preferences,
    () => null,
  );

/** Language and theme, loaded after the page has appeared, since they are seldom changed. */
export function PreferencesLater() {
  const Preferences = useLater(loadPreferences);
  return Preferences && <Preferences />;
}
