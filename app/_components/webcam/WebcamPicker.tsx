'use client';

import { useEffect } from 'react';
import { useSnapshot } from '@/app/_hooks/useSnapshot';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import { pageWebcam } from '@/app/_session/webcamSession';
import { Icon } from '../icons/Icon';
import { cameraProblem } from '../meeting/dock/deviceLook';
import { Button } from '../ui/Button';
import { Problem } from '../ui/Problem';
import cameraPickerStyles from './CameraPicker.module.css';
import { CameraTools } from './WebcamTools';

/** The camera of the lobby: asked for only on its button, unless the browser asks nothing any more. */
export function CameraPicker() {
  const { t } = useTranslator();
  const camera = pageWebcam();
  const { phase, deviceId } = useSnapshot(camera);
  useEffect(() => {
    if (camera.getSnapshot().phase === 'off') void camera.openIfAllowed();
  }, [camera]);
  if (phase === 'live') {
    return (
      <div className={cameraPickerStyles.picker}>
        <CameraTools camera={camera} />
        <p className={cameraPickerStyles.note}>{t('camera.privacy')}</p>
      </div>
    );
  }
  const isStarting = phase === 'starting';
  const problem = cameraProblem(phase);
  return (
    <div className={cameraPickerStyles.picker}>
      <Button onClick={() => void camera.open(deviceId)} disabled={isStarting} aria-busy={isStarting}>
        <Icon name="webcam" sizePx={20} />
        {t(isStarting ? 'camera.starting' : problem ? 'common.retry' : 'camera.use')}
      </Button>
      <Problem sentence={problem && `${t(`camera.${problem}`)} ${t('camera.without')}`} />
      {!problem && <p className={cameraPickerStyles.note}>{t(isStarting ? 'camera.startingNote' : 'camera.note')}</p>}
    </div>
  );
}
