import type { CameraPhase } from '@/app/_session/cameraContract';
import type { CameraErrorReason } from '@/lib/capture/cameraError';

/** Why there is no camera; null where there is one, or none is wanted. */
export function cameraProblem(phase: CameraPhase): CameraErrorReason | null {
  return phase === 'off' || phase === 'starting' || phase === 'live' ? null : phase;
}
