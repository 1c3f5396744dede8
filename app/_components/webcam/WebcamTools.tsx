'use client';

import { useEffect, useRef, useState } from 'react';
import { useSnapshot } from '@/app/_hooks/useSnapshot';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { Tracked, WebcamSession } from '@/app/_session/webcamSession';
import { CameraSelect } from '../ui/DeviceSelect';
import cameraPictureStyles from './CameraPicture.module.css';
import cameraToolsStyles from './CameraTools.module.css';
import trackingLightsStyles from './TrackingLights.module.css';

const PARTS = ['face', 'body', 'hands'] as const;

/** What the camera sees of one now: three lights, and a sentence where it sees nothing. */
function TrackingLights({ tracked, isLost }: { tracked: Tracked; isLost: boolean }) {
  const { t } = useTranslator();
  return (
    <div className={trackingLightsStyles.place}>
      <ul className={trackingLightsStyles.lights} aria-label={t('camera.tracked')}>
        {PARTS.map((part) => (
          <li key={part} className={trackingLightsStyles.light} data-seen={tracked[part] || undefined}>
            <span className={trackingLightsStyles.dot} />
            {t(`camera.${part}`)}
            <span className="visuallyHidden">{t(tracked[part] ? 'camera.seen' : 'camera.unseen')}</span>
          </li>
        ))}
      </ul>
      <p className={trackingLightsStyles.lost} role="status">
        {isLost && t('camera.lost')}
      </p>
    </div>
  );
}

/** What the camera shows, as in a mirror; for oneself alone. */
function CameraPicture({ stream }: { stream: MediaStream }) {
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
  return (
    <video
      ref={video}
      className={cameraPictureStyles.picture}
      aria-label={t('camera.picture')}
      muted
      autoPlay
      playsInline
    />
  );
}

const CALIBRATION = {
  none: { label: 'camera.calibrate', note: 'camera.calibrateNote' },
  running: { label: 'camera.calibrating', note: 'camera.calibratingNote' },
  done: { label: 'camera.calibrateAgain', note: 'camera.calibrated' },
  failed: { label: 'camera.calibrateAgain', note: 'camera.calibrateFailed' },
} as const;

/** Everything about a camera that is on: what it sees, which one it is, how one looks at rest, and its picture if asked. */
export function CameraTools({ camera }: { camera: WebcamSession }) {
  const { t } = useTranslator();
  const { devices, deviceId, tracked, isLost, calibration, stream } = useSnapshot(camera);
  const [isShown, setShown] = useState(false);
  const { label, note } = CALIBRATION[calibration];
  return (
    <div className={cameraToolsStyles.tools}>
      <TrackingLights tracked={tracked} isLost={isLost} />
      {devices.length > 1 && (
        <CameraSelect devices={devices} deviceId={deviceId} onPick={(picked) => void camera.open(picked)} />
      )}
      <div className={cameraToolsStyles.row}>
        <button
          type="button"
          className={cameraToolsStyles.tool}
          data-running={calibration === 'running' || undefined}
          disabled={calibration === 'running'}
          onClick={() => void camera.calibrate()}
        >
          {t(label)}
        </button>
        <button
          type="button"
          className={cameraToolsStyles.tool}
          aria-pressed={isShown}
          onClick={() => setShown(!isShown)}
        >
          {t(isShown ? 'camera.hidePicture' : 'camera.showPicture')}
        </button>
      </div>
      <p className={cameraToolsStyles.note} role="status">
        {t(note)}
      </p>
      {isShown && stream && <CameraPicture stream={stream} />}
    </div>
  );
}
