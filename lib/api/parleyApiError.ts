import { TRPCClientError } from '@trpc/client';
import type { MeetingErrorData, MeetingErrorReason } from '@/lib/core/meeting';
import { ReasonedError } from '@/lib/core/reasonedError';
import type { RecordingRefusal } from '@/lib/core/recording';

/** Why a call failed: the API's reason, or `offline` if there was no answer that could be understood. */
export type ParleyApiErrorReason = MeetingErrorReason | 'offline';

/** A call that failed, with a sentence for a person. */
export class ParleyApiError extends ReasonedError<ParleyApiErrorReason> {
  /** Seats of the meeting, when `reason` is `full`. */
  readonly limit: number | undefined;
  /** Where to go, when `reason` is `full`. */
  readonly instead: MeetingErrorData['instead'];
  /** Milliseconds to wait, when `reason` is `tooManyRequests` or `unavailable`. */
  readonly retryAfterMs: number | undefined;
  /** Whether `unavailable` means that the site can't save anything right now. */
  readonly cannotSave: boolean;
  /** Whether `unavailable` means that the site takes no new meetings for now; those in progress go on. */
  readonly isDraining: boolean;
  /** What is wrong with a custom avatar: an `AvatarFileReason` of `lib/avatarFile`. */
  readonly avatarReason: string | undefined;
  /** What a request about a recording was refused for. */
  readonly recordingReason: RecordingRefusal | undefined;

  constructor(
    data: Omit<MeetingErrorData, 'reason'> & { readonly reason: ParleyApiErrorReason },
    message: string,
    options?: ErrorOptions,
  ) {
    super(data.reason, message, options);
    this.limit = data.limit;
    this.instead = data.instead;
    this.retryAfterMs = data.retryAfterMs;
    this.cannotSave = data.cannotSave ?? false;
    this.isDraining = data.isDraining ?? false;
    this.avatarReason = data.avatarReason;
    this.recordingReason = data.recordingReason;
  }
}

const OFFLINE = 'Parley gave no answer. Check the connection and the address, and try again.';

// A record, so that the compiler requires every reason of the union.
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

interface Kinds {
  readonly number: number;
  readonly string: string;
}

/** The value if it is of that kind. */
function only<Kind extends keyof Kinds>(kind: Kind, value: unknown): Kinds[Kind] | undefined {
  return typeof value === kind ? (value as Kinds[Kind]) : undefined;
}

/** Any failure of a call as a {@link ParleyApiError}. Never throws. */
export function toParleyApiError(error: unknown): ParleyApiError {
  if (error instanceof ParleyApiError) return error;
  const data: unknown = error instanceof TRPCClientError ? error.data : null;
  return readData(data, (error as Error | null)?.message ?? '', error);
}

/** Reads a refusal that did not come through tRPC, `{ error: { message, data } }`. Never throws. */
export function readRefusal(body: unknown, cause: unknown): ParleyApiError {
  const { message, data } = objectIn(objectIn(body).error);
  return readData(data, typeof message === 'string' ? message : '', cause);
}

function objectIn(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function readData(data: unknown, message: string, cause: unknown): ParleyApiError {
  const known = objectIn(data);
  const { reason } = known;
  if (!isReason(reason)) return new ParleyApiError({ reason: 'offline' }, OFFLINE, { cause });
  const facts = {
    reason,
    limit: only('number', known['limit']),
    instead: only('string', known['instead']) as MeetingErrorData['instead'],
    retryAfterMs: only('number', known['retryAfterMs']),
    cannotSave: known['cannotSave'] === true,
    isDraining: known['isDraining'] === true,
    avatarReason: only('string', known['avatarReason']),
    recordingReason: only('string', known['recordingReason']) as RecordingRefusal | undefined,
  };
  return new ParleyApiError(facts, message, { cause });
}
