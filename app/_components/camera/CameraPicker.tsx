'use client';

import { useEffect } from 'react';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import { pageWebcam } from '@/app/_session/pageWebcam';
import { Icon } from '../icons/Icon';
import { Button } from '../ui/Button';
import { Problem } from '../ui/Problem';
import styles from './CameraPicker.module.css';
import { CameraTools } from './CameraTools';
import { cameraProblem } from './cameraProblem';
import { useCamera } from './useCamera';

/** The camera of the lobby: asked for only on its button, unless the browser asks nothing any more. */
export function CameraPicker() {
  const { t } = useTranslator();
  const camera = pageWebcam();
  const { phase, deviceId } = useCamera(camera);
  useEffect(() => {
    if (camera.getSnapshot().phase === 'off') void camera.openIfAllowed();
  }, [camera]);
  if (phase === 'live') {
    return (
      <div className={styles.picker}>
        <CameraTools camera={camera} />
        <p className={styles.note}>{t('camera.privacy')}</p>
      </div>
    );
  }
  const isStarting = phase === 'starting';
  const problem = cameraProblem(phase);
  return (
    <div className={styles.picker}>
      <Button onClick={() => void camera.open(deviceId)} disabled={isStarting} aria-busy={isStarting}>
        <Icon name="webcam" sizePx={20} />
        {t(isStarting ? 'camera.starting' : problem ? 'common.retry' : 'camera.use')}
      </Button>
      <Problem sentence={problem && `${t(`camera.${problem}`)} ${t('camera.without')}`} />
      {!problem && <p className={styles.note}>{t(isStarting ? 'camera.startingNote' : 'camera.note')}</p>}
    </div>
  );
}
