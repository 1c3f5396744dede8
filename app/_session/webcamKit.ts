/** What a camera takes, fetched when one is first wanted: reading pictures, and solving what they show. */

export { Capture } from '@/lib/capture/capture';
export { WebcamMotion } from '@/lib/meeting/webcamMotion';
export { readCalibration } from '@/lib/solve/face/calibration';

export type WebcamKit = typeof import('./webcamKit');
