'use client';

import { useRouter } from 'next/navigation';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import { LANGUAGE_COOKIE, otherLanguage } from '@/app/_i18n/language';
import { writePreferenceCookie } from '@/app/_memory/preferenceCookie';
import styles from './LanguageSwitch.module.css';

/** Changes to the other language; the server then renders in it, and nothing on the page is lost. */
export function useLanguageSwitch(): () => void {
  const router = useRouter();
  const { language } = useTranslator();
  return () => {
    writePreferenceCookie(LANGUAGE_COOKIE, otherLanguage(language));
    router.refresh();
  };
}

/** A button that names the other language in that language. */
export function LanguageSwitch() {
  const { t, language } = useTranslator();
  const change = useLanguageSwitch();
  return (
    <button type="button" className={styles.switch} onClick={change} aria-label={t('preferences.languageSwitchLabel')}>
      <span lang={otherLanguage(language)}>{t('preferences.languageSwitch')}</span>
    </button>
  );
}
