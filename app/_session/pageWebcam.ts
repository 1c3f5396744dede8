import type { WebcamSession } from './webcamContract';
import { BrowserWebcamSession } from './webcamSession';

let camera: WebcamSession | null = null;

/** The camera of this page: one for the lobby and the meetings behind it, so that joining doesn't load it anew. */
export function pageWebcam(): WebcamSession {
  camera ??= new BrowserWebcamSession();
  return camera;
}
