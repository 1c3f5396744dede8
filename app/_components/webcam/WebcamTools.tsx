'use client';

import { useEffect, useRef, useState } from 'react';
import { useSnapshot } from '@/app/_hooks/useSnapshot';
import { useTranslator } from '@/app/_i18n/I18nProvider';

import type { Tracked, WebcamSession } from '@/app/_session/webcamSession';
import { WebcamSelect } from '../ui/DeviceSelect';
import lightStyles from './TrackingLights.module.css';
import pictureStyles from './WebcamPicture.module.css';
import styles from './WebcamTools.module.css';

const PARTS = ['face', 'body', 'hands'] as const;

/** Three lights for what the webcam sees now, and a sentence when it sees nothing. */
function TrackingLights({ tracked, isLost }: { tracked: Tracked; isLost: boolean }) {
  const { t } = useTranslator();
  return (
    <div className={lightStyles.place}>
      <ul className={lightStyles.lights} aria-label={t('webcam.tracked')}>
        {PARTS.map((part) => (
          <li key={part} className={lightStyles.light} data-seen={tracked[part] || undefined}>
            <span className={lightStyles.dot} />
            {t(`webcam.${part}`)}
            <span className="visuallyHidden">{t(tracked[part] ? 'webcam.seen' : 'webcam.unseen')}</span>
          </li>
        ))}
      </ul>
      <p className={lightStyles.lost} role="status">
        {isLost && t('webcam.lost')}
      </p>
    </div>
  );
}

/** The webcam's picture, mirrored. It never leaves the page. */
function WebcamPicture({ stream }: { stream: MediaStream }) {
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
    <video ref={video} className={pictureStyles.picture} aria-label={t('webcam.picture')} muted autoPlay playsInline />
  );
}

const CALIBRATION = {
  none: { label: 'webcam.calibrate', note: 'webcam.calibrateNote' },
  running: { label: 'webcam.calibrating', note: 'webcam.calibratingNote' },
  done: { label: 'webcam.calibrateAgain', note: 'webcam.calibrated' },
  failed: { label: 'webcam.calibrateAgain', note: 'webcam.calibrateFailed' },
} as const;

/** The tools of a webcam that is on: what it sees, which one it is, calibration, and its picture on request. */
export function WebcamTools({ webcam }: { webcam: WebcamSession }) {
  const { t } = useTranslator();
  const { devices, deviceId, tracked, isLost, calibration, stream } = useSnapshot(webcam);
  const [isShown, setShown] = useState(false);
  const { label, note } = CALIBRATION[calibration];
  return (
    <div className={styles.tools}>
      <TrackingLights tracked={tracked} isLost={isLost} />
      {devices.length > 1 && (
        <WebcamSelect devices={devices} deviceId={deviceId} onPick={(picked) => void webcam.open(picked)} />
      )}
      <div className={styles.row}>
        <button
          type="button"
          className={styles.tool}
          data-running={calibration === 'running' || undefined}
          disabled={calibration === 'running'}
          onClick={() => void webcam.calibrate()}
        >
          {t(label)}
        </button>
        <button type="button" className={styles.tool} aria-pressed={isShown} onClick={() => setShown(!isShown)}>
          {t(isShown ? 'webcam.hidePicture' : 'webcam.showPicture')}
        </button>
      </div>
      <p className={styles.note} role="status">
        {t(note)}
      </p>
      {isShown && stream && <WebcamPicture stream={stream} />}
    </div>
  );
}
