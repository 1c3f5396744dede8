/** What a camera takes, fetched when one is first wanted: reading pictures, and solving what they show. */
export { CameraError } from '@/lib/capture/cameraError';
export { cameraPermission, listCameras, watchCameras } from '@/lib/capture/cameras';
export { Capture } from '@/lib/capture/capture';
export { CameraMotion } from '@/lib/meeting/cameraMotion';
export { readCalibration } from '@/lib/solve/calibration';

export type CameraKit = typeof import('./cameraKit');
