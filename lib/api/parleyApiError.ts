import { TRPCClientError } from '@trpc/client';
import type { MeetingErrorData, MeetingErrorReason } from '@/lib/core/meeting';
import { ReasonedError } from '@/lib/core/reasonedError';

/** Why a call failed: what the API said, or `offline` where it gave no answer that could be understood. */
export type ParleyApiErrorReason = MeetingErrorReason | 'offline';

/** A call that failed, with a sentence for a person. */
export class ParleyApiError extends ReasonedError<ParleyApiErrorReason> {
  /** Seats of the meeting, when `reason` is `full`. */
  readonly limit: number | undefined;
  /** Milliseconds to wait, when `reason` is `tooManyRequests` or `unavailable`. */
  readonly retryAfterMs: number | undefined;

  constructor(
    data: Omit<MeetingErrorData, 'reason'> & { readonly reason: ParleyApiErrorReason },
    message: string,
    options?: ErrorOptions,
  ) {
    super(data.reason, message, options);
    this.limit = data.limit;
    this.retryAfterMs = data.retryAfterMs;
  }
}

const OFFLINE = 'Parley gave no answer. Check the connection and the address, and try again.';

// A record, so that a reason added to the union can't be forgotten here.
const REASONS: Readonly<Record<MeetingErrorReason, true>> = {
  notFound: true,
  exists: true,
  full: true,
  ended: true,
  tokenInvalid: true,
  tokenExpired: true,
  replaced: true,
  forbidden: true,
  tooManyRequests: true,
  badInput: true,
  unavailable: true,
};

function isReason(value: unknown): value is MeetingErrorReason {
  return typeof value === 'string' && Object.hasOwn(REASONS, value);
}

function numberIn(data: object, name: 'limit' | 'retryAfterMs'): number | undefined {
  const value: unknown = Reflect.get(data, name);
  return typeof value === 'number' ? value : undefined;
}

/** Any failure of a call as a {@link ParleyApiError}. Never throws. */
export function toParleyApiError(error: unknown): ParleyApiError {
  if (error instanceof ParleyApiError) return error;
  const data: unknown = error instanceof TRPCClientError ? error.data : null;
  const known = typeof data === 'object' && data !== null ? data : {};
  const reason: unknown = Reflect.get(known, 'reason');
  if (!isReason(reason)) return new ParleyApiError({ reason: 'offline' }, OFFLINE, { cause: error });
  const facts = { reason, limit: numberIn(known, 'limit'), retryAfterMs: numberIn(known, 'retryAfterMs') };
  return new ParleyApiError(facts, (error as Error).message, { cause: error });
}
