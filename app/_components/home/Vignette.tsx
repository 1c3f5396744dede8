'use client';

import dynamic from 'next/dynamic';
import { useReducedMotion } from '@/app/_hooks/useMediaQuery';
import { useSupportsWebgl } from '@/app/_hooks/useSupportsWebgl';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import { Mark } from '../brand/Mark';
import { SceneBoundary } from '../ui/SceneBoundary';
import styles from './Vignette.module.css';

function Still() {
  return (
    <div className={styles.still}>
      <Mark sizePx={220} />
    </div>
  );
}

const HomeVignette = dynamic(() => import('@/scene/view/HomeVignette').then((module) => module.HomeVignette), {
  ssr: false,
  loading: Still,
});

/** Two avatars talking, seen through a round table; the mark where the browser can't draw them. */
export function Vignette() {
  const { t } = useTranslator();
  const reducedMotion = useReducedMotion();
  const drawn = useSupportsWebgl();
  return (
    <div className={styles.table} role="img" aria-label={t('home.vignette')}>
      <div className={styles.window}>
        {drawn ? (
          <SceneBoundary fallback={<Still />}>
            <HomeVignette reducedMotion={reducedMotion} />
          </SceneBoundary>
        ) : (
          <Still />
        )}
      </div>
    </div>
  );
}
