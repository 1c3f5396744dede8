import type { MotionChoice } from '@/app/_session/sessionContract';
import type { WebcamSnapshot } from '@/app/_session/webcamContract';

/** With what one sits down again: the camera where it was on last, and never where it had been put off. */
export function motionAsLast(chosen: MotionChoice, camera: Pick<WebcamSnapshot, 'phase' | 'deviceId'>): MotionChoice {
  if (camera.phase === 'live' || camera.phase === 'starting') return { kind: 'camera', deviceId: camera.deviceId };
  return chosen.kind === 'camera' ? { kind: 'idle' } : chosen;
}
