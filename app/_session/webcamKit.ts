/** The code for reading a webcam and solving its pictures, loaded when a webcam is first wanted. */

export { Capture } from '@/lib/capture/capture';
export { WebcamMotion } from '@/lib/meeting/webcamMotion';
export { readCalibration } from '@/lib/solve/face/calibration';

export type WebcamKit = typeof import('./webcamKit');
