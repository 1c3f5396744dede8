'use client';

import { useRouter } from 'next/navigation';
import { useSyncExternalStore } from 'react';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import { LANGUAGE_COOKIE, otherLanguage } from '@/app/_i18n/language';
import type { MessageKey } from '@/app/_i18n/messages';
import { parseTheme, THEME_COOKIE, THEMES, type Theme, writePreferenceCookie } from '@/app/_memory/preferences';
import { Glyph, THEME_SHAPES, type ThemeIcon } from '../icons/Glyph';
import { RoundButton } from '../ui/RoundButton';
import styles from './LanguageSwitch.module.css';

/** Switches to the other language. The server renders in it, and the page keeps its state. */
export function useLanguageSwitch(): () => void {
  const router = useRouter();
  const { language } = useTranslator();
  return () => {
    writePreferenceCookie(LANGUAGE_COOKIE, otherLanguage(language));
    router.refresh();
  };
}

/** A button that names the other language in that language. */
function LanguageSwitch() {
  const { t, language } = useTranslator();
  const change = useLanguageSwitch();
  return (
    <button type="button" className={styles.switch} onClick={change} aria-label={t('preferences.languageSwitchLabel')}>
      <span lang={otherLanguage(language)}>{t('preferences.languageSwitch')}</span>
    </button>
  );
}

function subscribe(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => observer.disconnect();
}

/** The chosen theme, as set on `<html>`. */
export function useTheme(): Theme {
  return useSyncExternalStore(
    subscribe,
    () => parseTheme(document.documentElement.dataset.theme),
    () => 'system',
  );
}

/** Shows a theme at once and keeps it for the server's next answer. */
export function chooseTheme(theme: Theme): void {
  document.documentElement.dataset.theme = theme;
  writePreferenceCookie(THEME_COOKIE, theme);
}

/** Icon and name of each theme. */
export const THEME_LOOK: Readonly<Record<Theme, { icon: ThemeIcon; label: MessageKey }>> = {
  system: { icon: 'theme', label: 'preferences.themeSystem' },
  light: { icon: 'day', label: 'preferences.themeLight' },
  dark: { icon: 'dark', label: 'preferences.themeDark' },
};

/** The theme after this one, round and round. */
export function nextTheme(theme: Theme): Theme {
  return THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'system';
}

/** Goes through the themes with one button. */
function ThemeSwitch() {
  const { t } = useTranslator();
  const theme = useTheme();
  const look = THEME_LOOK[theme];
  const label = `${t('preferences.theme')}: ${t(look.label)}`;
  return (
    <RoundButton label={label} title={label} onClick={() => chooseTheme(nextTheme(theme))}>
      <Glyph sizePx={20}>{THEME_SHAPES[look.icon]}</Glyph>
    </RoundButton>
  );
}

/** Language and theme. */
export function Preferences() {
  return (
    <>
      <LanguageSwitch />
      <ThemeSwitch />
    </>
  );
}
