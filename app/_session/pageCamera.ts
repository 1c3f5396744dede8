import type { CameraSession } from './cameraContract';
import { BrowserCameraSession } from './cameraSession';

let camera: CameraSession | null = null;

/** The camera of this page: one for the lobby and the meetings behind it, so that joining doesn't load it anew. */
export function pageCamera(): CameraSession {
  camera ??= new BrowserCameraSession();
  return camera;
}
