import type { WebcamPhase } from '@/app/_session/webcamContract';
import type { WebcamErrorReason } from '@/lib/capture/webcamError';

/** Why there is no camera; null where there is one, or none is wanted. */
export function cameraProblem(phase: WebcamPhase): WebcamErrorReason | null {
  return phase === 'off' || phase === 'starting' || phase === 'live' ? null : phase;
}
