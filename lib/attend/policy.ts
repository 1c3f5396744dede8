import { ParleyApiError, type ParleyApiErrorReason } from '@/lib/api/parleyApiError';
import { backoffMs } from '@/lib/core/backoff';
import { nextRetryDelayMs } from '@/lib/transport/retryPolicy';
import { asTransportError, TransportError, type TransportErrorReason } from '@/lib/transport/transport';

/** Why an attendance failed: what the API refused, or what happened on the way to Jitsi. */
export type AttendanceFailure = ParleyApiError | TransportError;

/** What helps against a failure: another attempt in a moment, a new stay with the same identity, or nothing. */
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

/** Jitsi also cuts off people whose stay is still valid, as when it restarts. Only the API knows whether it is meant. */
const REMEDY_FOR_TRANSPORT: Readonly<Record<TransportErrorReason, Remedy>> = {
  unreachable: 'retry',
  libraryUnavailable: 'retry',
  lost: 'retry',
  kicked: 'freshStart',
  conferenceDestroyed: 'freshStart',
  notAllowed: 'freshStart',
};

/** What a log says of a failure: its reason and, if a server refused, what it meant and said. */
export function factsOf(failure: AttendanceFailure) {
  const { reason } = failure;
  if (!(failure instanceof TransportError)) return { reason };
  return { reason, refusal: failure.refusal ?? undefined, detail: failure.detail || undefined };
}

export function remedyFor(failure: AttendanceFailure): Remedy {
  return failure instanceof ParleyApiError ? REMEDY_FOR_API[failure.reason] : REMEDY_FOR_TRANSPORT[failure.reason];
}

/** Whether the meeting is over for all. */
export function isMeetingOver({ reason }: AttendanceFailure): boolean {
  return reason === 'ended' || reason === 'conferenceDestroyed';
}

/** Any error on the way in as a failure. If the transport gave up because of what the API said, that is the failure. */
export function failureOf(error: unknown): AttendanceFailure {
  if (error instanceof ParleyApiError) return error;
  if (error instanceof TransportError && error.cause instanceof ParleyApiError) return error.cause;
  return asTransportError(error);
}

/** Why there is no pass, in the transport's terms. What retrying cannot mend ends the transport's own attempts too. */
export function asPassError(error: unknown): TransportError {
  if (!(error instanceof ParleyApiError) || remedyFor(error) === 'retry') return asTransportError(error);
  return new TransportError('notAllowed', error.message, { cause: error });
}

/** Longer waits are not obeyed while fetching a pass; the failure is passed on. */
const ASKED_WAIT_MAX_MS = 5_000;
const ASKED_WAITS_MAX = 4;

/**
 * Milliseconds to wait before fetching a pass again because the API asks for it, so that many clients at one address get in as
 * fast as they are admitted; null if the API does not ask, or asks for too much.
 * @param waits how many waits there have been for this pass
 */
export function askedWaitMs(error: unknown, waits: number): number | null {
  const askedMs = error instanceof ParleyApiError ? error.retryAfterMs : undefined;
  return askedMs !== undefined && askedMs <= ASKED_WAIT_MAX_MS && waits < ASKED_WAITS_MAX ? askedMs : null;
}

/** An attempt that has no answer after this long gives way to another: its socket may be dead while a new one would work. */
const SILENCE_MAX_MS = 10_000;
/** A person waits for the first join: it succeeds or fails within about this time, unless the API asks to wait. */
const FIRST_JOIN_MAX_MS = 30_000;
/** No attempt of a first join begins later than this after the first one if it was refused, or if it had no answer. */
const FIRST_JOIN_REFUSED_MS = 8_000;
const FIRST_JOIN_SILENT_MS = 20_000;
const FIRST_JOIN_PAUSE_MAX_MS = 4_000;

/** Milliseconds that an attempt may take which begins `elapsedMs` after the first one. */
export function attemptMaxMs(kind: TryContext['kind'], elapsedMs: number): number {
  const isLast = kind === 'join' && elapsedMs >= SILENCE_MAX_MS;
  return isLast ? Math.max(SILENCE_MAX_MS, FIRST_JOIN_MAX_MS - elapsedMs) : SILENCE_MAX_MS;
}

/** What the next attempt depends on. */
export interface TryContext {
  /** `join` for the first join; `return` for a fresh start of an attendance that was live. */
  readonly kind: 'join' | 'return';
  /** Failed attempts before this one. */
  readonly attempts: number;
  /** Milliseconds since the first attempt began. */
  readonly elapsedMs: number;
  /** Milliseconds, of {@link elapsedMs}, since the API last granted a stay. */
  readonly unadmittedMs: number;
  /** Milliseconds that the latest attempt took. */
  readonly tookMs: number;
  readonly failure: AttendanceFailure;
  /** 0 .. 1 */
  readonly random: number;
}

/** Milliseconds until the next attempt to get in; null when it is time to give up. */
export function nextTryDelayMs(context: TryContext): number | null {
  const { kind, attempts, elapsedMs, unadmittedMs, tookMs, failure, random } = context;
  if (remedyFor(failure) !== 'retry') return null;
  const isJoin = kind === 'join';
  const ownMs = isJoin
    ? backoffMs(attempts, FIRST_JOIN_PAUSE_MAX_MS, random)
    : nextRetryDelayMs({ attempts, elapsedMs, unadmittedMs, random });
  if (ownMs === null) return null;
  const askedMs = failure instanceof ParleyApiError ? (failure.retryAfterMs ?? 0) : 0;
  const delayMs = Math.max(ownMs, askedMs);
  const lastMs = tookMs < SILENCE_MAX_MS ? FIRST_JOIN_REFUSED_MS : FIRST_JOIN_SILENT_MS;
  return isJoin && elapsedMs + delayMs > lastMs ? null : delayMs;
}

/** An attendance that is cut off more often than this within the span below fails. */
const FRESH_STARTS_MAX = 5;
const FRESH_STARTS_SPAN_MS = 60_000;
/** Pause before the second fresh start within the span. Each further one is twice as long as the one before. */
const FRESH_START_PAUSE_MS = 1_000;

/** A fresh start that is admitted. */
interface FreshStart {
  /** The fresh starts that count from now on, with this one. */
  readonly startsMs: readonly number[];
  /** Milliseconds to wait before it: whatever has cut the attendance off might do so again. */
  readonly delayMs: number;
}

/** Admits another fresh start at `nowMs`; null if that is one too many. */
export function admitFreshStart(earlierMs: readonly number[], nowMs: number): FreshStart | null {
  const lately = earlierMs.filter((atMs) => nowMs - atMs < FRESH_STARTS_SPAN_MS);
  if (lately.length >= FRESH_STARTS_MAX) return null;
  const delayMs = lately.length === 0 ? 0 : FRESH_START_PAUSE_MS * 2 ** (lately.length - 1);
  return { startsMs: [...lately, nowMs], delayMs };
}
