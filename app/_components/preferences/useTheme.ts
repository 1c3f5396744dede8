'use client';

import { useSyncExternalStore } from 'react';
import { writePreferenceCookie } from '@/app/_memory/preferenceCookie';
import { parseTheme, THEME_COOKIE, type Theme } from '@/app/_memory/theme';

function subscribe(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => observer.disconnect();
}

/** The chosen theme, as it stands on `<html>`. */
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
