'use client';

import { useSyncExternalStore } from 'react';
import type { WebcamSession, WebcamSnapshot } from '@/app/_session/webcamContract';

/** What React draws of the camera. */
export function useCamera(camera: WebcamSession): WebcamSnapshot {
  return useSyncExternalStore(camera.subscribe, camera.getSnapshot, camera.getSnapshot);
}
