'use client';

import type { WebcamSession } from '@/app/_session/webcamContract';
import styles from './CameraItems.module.css';
import { CameraTools } from './CameraTools';
import { useCamera } from './useCamera';

/** The camera of the menu, while it is on. */
export function CameraItems({ camera }: { camera: WebcamSession }) {
  const { phase } = useCamera(camera);
  if (phase !== 'live') return null;
  return (
    <li className={styles.item}>
      <CameraTools camera={camera} />
    </li>
  );
}
