import { ParleyApiError } from '@/lib/api';
import { BvhError } from '@/lib/motion/bvhError';
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

const PASSING: ReadonlySet<SessionFailureReason> = new Set([
  'offline',
  'unavailable',
  'tooManyRequests',
  'jitsiUnreachable',
]);

/** Whether time may mend a failure: then trying again makes sense. */
export function mayPass(reason: SessionFailureReason): boolean {
  return PASSING.has(reason);
}

/** What a person is told about an error on the way into a meeting. */
export function sessionFailureOf(error: unknown): SessionFailure {
  if (error instanceof ParleyApiError) return { reason: error.reason, limit: error.limit };
  if (error instanceof BvhError) return { reason: 'motionUnreadable', line: error.line, detail: error.detail };
  if (error instanceof MotionUnreachableError) return { reason: 'motionUnreadable', detail: error.message };
  // What made the transport give up matters more than that it did.
  if (error instanceof TransportError && error.cause instanceof ParleyApiError) return sessionFailureOf(error.cause);
  if (error instanceof TransportError) return { reason: OF_TRANSPORT[error.reason] };
  return { reason: 'jitsiUnreachable' };
}

/** Refusals that coming back does not mend must end the transport's attempts; all else may pass. */
export function asTransportError(error: unknown): TransportError {
  if (error instanceof TransportError) return error;
  const passing = error instanceof ParleyApiError && mayPass(error.reason);
  const reason = passing ? 'unreachable' : 'notAllowed';
  return new TransportError(reason, error instanceof Error ? error.message : String(error), { cause: error });
}
