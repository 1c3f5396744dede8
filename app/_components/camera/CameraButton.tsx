'use client';

import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { WebcamSession } from '@/app/_session/webcamContract';
import { DockButton } from '../meeting/DockButton';
import styles from './CameraButton.module.css';
import { cameraLook } from './cameraLook';
import { useCamera } from './useCamera';

const PARTS = ['face', 'body', 'hands'] as const;

/** The dock's camera: on or off, with what it sees as three small lights. */
export function CameraButton({ camera }: { camera: WebcamSession }) {
  const { t } = useTranslator();
  const snapshot = useCamera(camera);
  const { icon, label, tone, hint, busy } = cameraLook(snapshot);
  return (
    <DockButton
      icon={icon}
      label={t(label)}
      shortcut="B"
      tone={tone}
      hint={hint && t(hint)}
      busy={busy}
      onClick={() => camera.toggle()}
    >
      {snapshot.phase === 'live' && (
        <span className={styles.lights}>
          {PARTS.map((part) => (
            <span key={part} className={styles.light} data-seen={snapshot.tracked[part] || undefined} />
          ))}
        </span>
      )}
    </DockButton>
  );
}
