'use client';

import { useEffect } from 'react';
import { useSnapshot } from '@/app/_hooks/useSnapshot';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import { pageWebcam } from '@/app/_session/webcamSession';
import { Icon } from '../icons/Icon';
import { webcamProblem } from '../meeting/dock/deviceLook';
import { Button } from '../ui/Button';
import { Problem } from '../ui/Problem';
import styles from './WebcamPicker.module.css';
import { WebcamTools } from './WebcamTools';

/** The lobby's webcam: opens on its button, or by itself where the browser has already allowed it. */
export function WebcamPicker() {
  const { t } = useTranslator();
  const webcam = pageWebcam();
  const { phase, deviceId } = useSnapshot(webcam);
  useEffect(() => {
    if (webcam.getSnapshot().phase === 'off') void webcam.openIfAllowed();
  }, [webcam]);
  if (phase === 'live') {
    return (
      <div className={styles.picker}>
        <WebcamTools webcam={webcam} />
        <p className={styles.note}>{t('webcam.privacy')}</p>
      </div>
    );
  }
  const isStarting = phase === 'starting';
  const problem = webcamProblem(phase);
  return (
    <div className={styles.picker}>
      <Button onClick={() => void webcam.open(deviceId)} disabled={isStarting} aria-busy={isStarting}>
        <Icon name="webcam" sizePx={20} />
        {t(isStarting ? 'webcam.starting' : problem ? 'common.retry' : 'webcam.use')}
      </Button>
      <Problem sentence={problem && `${t(`webcam.${problem}`)} ${t('webcam.without')}`} />
      {!problem && <p className={styles.note}>{t(isStarting ? 'webcam.startingNote' : 'webcam.privacy')}</p>}
    </div>
  );
}
