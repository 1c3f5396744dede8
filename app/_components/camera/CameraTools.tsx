'use client';

import { useState } from 'react';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { WebcamSession } from '@/app/_session/webcamContract';
import { CameraPicture } from './CameraPicture';
import { CameraSelect } from './CameraSelect';
import styles from './CameraTools.module.css';
import { TrackingLights } from './TrackingLights';
import { useCamera } from './useCamera';

const CALIBRATION = {
  none: { label: 'camera.calibrate', note: 'camera.calibrateNote' },
  running: { label: 'camera.calibrating', note: 'camera.calibratingNote' },
  done: { label: 'camera.calibrateAgain', note: 'camera.calibrated' },
  failed: { label: 'camera.calibrateAgain', note: 'camera.calibrateFailed' },
} as const;

/** Everything about a camera that is on: what it sees, which one it is, how one looks at rest, and its picture if asked. */
export function CameraTools({ camera }: { camera: WebcamSession }) {
  const { t } = useTranslator();
  const { devices, deviceId, tracked, isLost, calibration, stream } = useCamera(camera);
  const [isShown, setShown] = useState(false);
  const { label, note } = CALIBRATION[calibration];
  return (
    <div className={styles.tools}>
      <TrackingLights tracked={tracked} isLost={isLost} />
      {devices.length > 1 && (
        <CameraSelect devices={devices} deviceId={deviceId} onPick={(picked) => void camera.open(picked)} />
      )}
      <div className={styles.row}>
        <button
          type="button"
          className={styles.tool}
          data-running={calibration === 'running' || undefined}
          disabled={calibration === 'running'}
          onClick={() => void camera.calibrate()}
        >
          {t(label)}
        </button>
        <button type="button" className={styles.tool} aria-pressed={isShown} onClick={() => setShown(!isShown)}>
          {t(isShown ? 'camera.hidePicture' : 'camera.showPicture')}
        </button>
      </div>
      <p className={styles.note} role="status">
        {t(note)}
      </p>
      {isShown && stream && <CameraPicture stream={stream} />}
    </div>
  );
}
