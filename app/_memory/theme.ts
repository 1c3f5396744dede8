/** `system` follows the device; the others are chosen. */
export const THEMES = ['system', 'light', 'dark'] as const;

export type Theme = (typeof THEMES)[number];

/** The cookie that holds a chosen theme, so that the server's first answer already has it. */
export const THEME_COOKIE = 'parley-theme';

/** Reads the cookie's value; anything unknown is `system`. */
export function parseTheme(value: string | undefined): Theme {
  return THEMES.find((theme) => theme === value) ?? 'system';
}
