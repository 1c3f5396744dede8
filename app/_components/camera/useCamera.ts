'use client';

import { useSyncExternalStore } from 'react';
import type { CameraSession, CameraSnapshot } from '@/app/_session/cameraContract';

/** What React draws of the camera. */
export function useCamera(camera: CameraSession): CameraSnapshot {
  return useSyncExternalStore(camera.subscribe, camera.getSnapshot, camera.getSnapshot);
}
