'use client';

import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { MessageKey } from '@/app/_i18n/messages';
import { THEMES, type Theme } from '@/app/_memory/theme';
import { Glyph } from '../icons/Glyph';
import { THEME_SHAPES, type ThemeIcon } from '../icons/themeShapes';
import { RoundButton } from '../ui/RoundButton';
import { chooseTheme, useTheme } from './useTheme';

/** How each theme is shown. */
export const THEME_LOOK: Readonly<Record<Theme, { icon: ThemeIcon; label: MessageKey }>> = {
  system: { icon: 'theme', label: 'preferences.themeSystem' },
  light: { icon: 'day', label: 'preferences.themeLight' },
  dark: { icon: 'dark', label: 'preferences.themeDark' },
};

/** The theme after this one, round and round. */
export function nextTheme(theme: Theme): Theme {
  return THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'system';
}

/** One button that goes through the themes. */
export function ThemeSwitch() {
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
