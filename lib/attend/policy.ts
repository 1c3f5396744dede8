import { ParleyApiError, type ParleyApiErrorReason } from '@/lib/api';
import { backoffMs } from '@/lib/core/backoff';
import { nextRetryDelayMs } from '@/lib/transport/retryPolicy';
import { asTransportError, TransportError, type TransportErrorReason } from '@/lib/transport/transport';

/** Why an attendance failed: what the API refused, or what happened on the way to Jitsi. */
export type AttendanceFailure = ParleyApiError | TransportError;

/** What helps against a failure: the same again in a moment, a new stay with the same identity, or nothing. */
export type Remedy = 'retry' | 'freshStart' | 'none';

const REMEDY_FOR_API: Readonly<Record<ParleyApiErrorReason, Remedy>> = {
  offline: 'retry',
  unavailable: 'retry',
  tooManyRequests: 'retry',
  tokenExpired: 'freshStart',
  tokenInvalid: 'freshStart',
  notFound: 'none',
  exists: 'none',
  full: 'none',
  ended: 'none',
  replaced: 'none',
  forbidden: 'none',
  badInput: 'none',
};

/** Jitsi also throws out people whose stay is still good, as when it restarts: only the API knows whether that is meant. */
const REMEDY_FOR_TRANSPORT: Readonly<Record<TransportErrorReason, Remedy>> = {
  unreachable: 'retry',
  libraryUnavailable: 'retry',
  lost: 'retry',
  kicked: 'freshStart',
  conferenceDestroyed: 'freshStart',
  notAllowed: 'freshStart',
};

export function remedyFor(failure: AttendanceFailure): Remedy {
  return failure instanceof ParleyApiError ? REMEDY_FOR_API[failure.reason] : REMEDY_FOR_TRANSPORT[failure.reason];
}

/** Whether the host has ended the meeting for everybody. */
export function isMeetingOver({ reason }: AttendanceFailure): boolean {
  return reason === 'ended' || reason === 'conferenceDestroyed';
}

/** Any error on the way in. What the API said matters more than that the transport gave up because of it. */
export function failureOf(error: unknown): AttendanceFailure {
  if (error instanceof ParleyApiError) return error;
  if (error instanceof TransportError && error.cause instanceof ParleyApiError) return error.cause;
  return asTransportError(error);
}

/** Why there is no pass, in the transport's terms: what retrying cannot mend must end the transport's own attempts too. */
export function asPassError(error: unknown): TransportError {
  if (!(error instanceof ParleyApiError) || remedyFor(error) === 'retry') return asTransportError(error);
  return new TransportError('notAllowed', error.message, { cause: error });
}

/** A longer wait is not sat out where it was asked for; the failure is passed on. */
const ASKED_WAIT_MAX_MS = 5_000;
const ASKED_WAITS_MAX = 4;

/**
 * Milliseconds to wait for a pass because the API asks for it, so that a crowd from one address gets in as fast as it is
 * admitted; null where the API does not ask, or asks too much.
 * @param waits how often it has been waited for this pass
 */
export function askedWaitMs(error: unknown, waits: number): number | null {
  const askedMs = error instanceof ParleyApiError ? error.retryAfterMs : undefined;
  return askedMs !== undefined && askedMs <= ASKED_WAIT_MAX_MS && waits < ASKED_WAITS_MAX ? askedMs : null;
}

/** The first join has a person waiting for an answer: no attempt begins later than this after the first. */
const FIRST_JOIN_WITHIN_MS = 10_000;
const FIRST_JOIN_PAUSE_MAX_MS = 4_000;

/** What the next attempt depends on. */
export interface TryContext {
  /** `join`: nobody has been in yet. `return`: the attendance was live and starts again. */
  readonly kind: 'join' | 'return';
  /** Attempts that failed before the one that has failed now. */
  readonly attempts: number;
  /** Milliseconds since the first attempt began. */
  readonly elapsedMs: number;
  readonly failure: AttendanceFailure;
  /** 0 .. 1 */
  readonly random: number;
}

/** Milliseconds until the next attempt to get in; null when it is time to give up. */
export function nextTryDelayMs({ kind, attempts, elapsedMs, failure, random }: TryContext): number | null {
  if (remedyFor(failure) !== 'retry') return null;
  const isJoin = kind === 'join';
  const ownMs = isJoin
    ? backoffMs(attempts, FIRST_JOIN_PAUSE_MAX_MS, random)
    : nextRetryDelayMs({ attempts, elapsedMs, random });
  if (ownMs === null) return null;
  const askedMs = failure instanceof ParleyApiError ? (failure.retryAfterMs ?? 0) : 0;
  const delayMs = Math.max(ownMs, askedMs);
  return isJoin && elapsedMs + delayMs > FIRST_JOIN_WITHIN_MS ? null : delayMs;
}

/** An attendance that is cut off more often than this within the span below is given up. */
const FRESH_STARTS_MAX = 3;
const FRESH_STARTS_SPAN_MS = 60_000;

/** The fresh starts that count after another one at `nowMs`; null where it would be one too many. */
export function admitFreshStart(earlierMs: readonly number[], nowMs: number): readonly number[] | null {
  const lately = earlierMs.filter((atMs) => nowMs - atMs < FRESH_STARTS_SPAN_MS);
  return lately.length < FRESH_STARTS_MAX ? [...lately, nowMs] : null;
}
