'use client';

import type { ReactNode } from 'react';
import { useHydrated } from '@/app/_hooks/useHydrated';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import { StateScreen } from './StateScreen';
import { WaitingScreen } from './WaitingScreen';

/** Whether this browser has what a meeting needs besides 3D. Newest of them: `Intl.Segmenter` (Firefox 125). */
function isBrowserCurrent(): boolean {
  return (
    typeof WebSocket === 'function' &&
    typeof structuredClone === 'function' &&
    'Segmenter' in Intl &&
    typeof String.prototype.toWellFormed === 'function'
  );
}

/** Lets a current browser in once the page runs; tells an old one what would do. */
export function BrowserGate({ children }: { children: ReactNode }) {
  const { t } = useTranslator();
  const hydrated = useHydrated();
  if (!hydrated) return <WaitingScreen />;
  if (!isBrowserCurrent()) return <StateScreen story="outline" sentence={t('failure.oldBrowser')} />;
  return children;
}
