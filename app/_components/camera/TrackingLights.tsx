'use client';

import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { Tracked } from '@/app/_session/webcamContract';
import styles from './TrackingLights.module.css';

const PARTS = ['face', 'body', 'hands'] as const;

/** What the camera sees of one now: three lights, and a sentence where it sees nothing. */
export function TrackingLights({ tracked, isLost }: { tracked: Tracked; isLost: boolean }) {
  const { t } = useTranslator();
  return (
    <div className={styles.place}>
      <ul className={styles.lights} aria-label={t('camera.tracked')}>
        {PARTS.map((part) => (
          <li key={part} className={styles.light} data-seen={tracked[part] || undefined}>
            <span className={styles.dot} />
            {t(`camera.${part}`)}
            <span className="visuallyHidden">{t(tracked[part] ? 'camera.seen' : 'camera.unseen')}</span>
          </li>
        ))}
      </ul>
      <p className={styles.lost} role="status">
        {isLost && t('camera.lost')}
      </p>
    </div>
  );
}
