import type { PerspectiveCamera } from 'three';
import type { CameraInput } from './cameraInput';

/** One way of moving the camera. */
export interface CameraRig {
  /** Begins where the camera is now. */
  enter(camera: PerspectiveCamera): void;
  /** One frame; `isStill`: cut instead of easing. */
  update(camera: PerspectiveCamera, input: CameraInput, deltaMs: number, isStill: boolean): void;
}
