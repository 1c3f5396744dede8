'use client';

import { useEffect, useRef } from 'react';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import styles from './CameraPicture.module.css';

/** What the camera shows, as in a mirror; for oneself alone. */
export function CameraPicture({ stream }: { stream: MediaStream }) {
  const { t } = useTranslator();
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const element = video.current;
    if (!element) return;
    element.srcObject = stream;
    return () => {
      element.srcObject = null;
    };
  }, [stream]);
  return <video ref={video} className={styles.picture} aria-label={t('camera.picture')} muted autoPlay playsInline />;
}
