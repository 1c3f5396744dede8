import { ParleyApiError } from '@/lib/api';
import { BvhError } from '@/lib/motion/bvhClip';
import { TransportError, type TransportErrorReason } from '@/lib/transport/transport';
import { MotionUnreachableError } from './loadMotion';
import type { SessionFailure, SessionFailureReason } from './sessionContract';

const OF_TRANSPORT: Readonly<Record<TransportErrorReason, SessionFailureReason>> = {
  unreachable: 'jitsiUnreachable',
  libraryUnavailable: 'jitsiUnreachable',
  notAllowed: 'jitsiRefused',
  kicked: 'jitsiLost',
  conferenceDestroyed: 'ended',
  lost: 'jitsiLost',
};

/** What the page tells about an error on the way into a meeting. */
export function sessionFailureOf(error: unknown): SessionFailure {
  if (error instanceof ParleyApiError)
    return { reason: error.reason, limit: error.limit, cannotSave: error.cannotSave };
  if (error instanceof BvhError) return { reason: 'motionUnreadable', line: error.line, detail: error.detail };
  if (error instanceof MotionUnreachableError) return { reason: 'motionUnreadable', detail: error.message };
  if (error instanceof TransportError) {
    return {
      reason: OF_TRANSPORT[error.reason],
      refusal: error.refusal ?? undefined,
      detail: error.detail || undefined,
    };
  }
  return { reason: 'jitsiUnreachable' };
}
