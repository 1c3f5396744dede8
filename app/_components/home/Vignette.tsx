'use client';

import dynamic from 'next/dynamic';
import { useState } from 'react';
import { useReducedMotion } from '@/app/_hooks/useMediaQuery';
import { useSupportsWebgl } from '@/app/_hooks/useSupportsWebgl';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import { Mark } from '../brand/Mark';
import { SceneBoundary } from '../ui/SceneBoundary';
import styles from './Vignette.module.css';

/** Two whose clothes stand out from the persimmon behind them. */
const PAIR = ['dayo', 'ada'] as const;

const HomeVignette = dynamic(() => import('@/scene/react/HomeVignette').then((module) => module.HomeVignette), {
  ssr: false,
});

/** Two avatars talking in late light, seen through a round table; the mark until they are drawn, or where they can't be. */
export function Vignette() {
  const { t } = useTranslator();
  const reducedMotion = useReducedMotion();
  const supported = useSupportsWebgl();
  const [shown, setShown] = useState(false);
  return (
    <div className={styles.table} role="img" aria-label={t('home.vignette')} data-shown={shown || undefined}>
      <div className={styles.window}>
        <div className={styles.sun} />
        <div className={styles.still}>
          <Mark sizePx={220} />
        </div>
        {supported && (
          <SceneBoundary fallback={null} onFailed={() => setShown(false)}>
            <div className={styles.scene}>
              <HomeVignette
                avatars={PAIR}
                reducedMotion={reducedMotion}
                onReady={() => setShown(true)}
                onUnsupported={() => setShown(false)}
              />
            </div>
          </SceneBoundary>
        )}
      </div>
    </div>
  );
}
