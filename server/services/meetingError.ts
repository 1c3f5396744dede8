import type { AvatarFileError } from '@/lib/avatarFile/avatarFileError';
import type { MeetingErrorData, MeetingErrorReason } from '@/lib/core/meeting';
import { ReasonedError } from '@/lib/core/reasonedError';

/** Milliseconds to wait before asking a database again that is away. */
const UNAVAILABLE_RETRY_MS = 5000;

/** Milliseconds after which an operator may have made room. */
const FULL_RETRY_MS = 3_600_000;

/** Why a meeting's rules refused, with a sentence for a person. */
export class MeetingError extends ReasonedError<MeetingErrorReason> {
  constructor(
    readonly data: MeetingErrorData,
    message: string,
    options?: ErrorOptions,
  ) {
    super(data.reason, message, options);
  }

  static notFound(): MeetingError {
    return new MeetingError({ reason: 'notFound' }, 'There is no such meeting. Check the link you were given.');
  }

  static exists(id: string): MeetingError {
    return new MeetingError({ reason: 'exists' }, `There is or was a meeting "${id}" already. Choose another id.`);
  }

  static full(limit: number): MeetingError {
    const message = `This meeting is full: all ${limit} seats are taken. You can watch it without a seat.`;
    return new MeetingError({ reason: 'full', limit }, message);
  }

  static ended(): MeetingError {
    return new MeetingError({ reason: 'ended' }, 'This meeting has ended. Create a new one to meet again.');
  }

  static tokenInvalid(): MeetingError {
    return new MeetingError({ reason: 'tokenInvalid' }, 'This stay is unknown here. Join the meeting again.');
  }

  static tokenExpired(): MeetingError {
    return new MeetingError({ reason: 'tokenExpired' }, 'This stay is over. Join the meeting again.');
  }

  static replaced(): MeetingError {
    const message = 'You joined this meeting again from somewhere else, which took your place over.';
    return new MeetingError({ reason: 'replaced' }, message);
  }

  static forbidden(): MeetingError {
    return new MeetingError({ reason: 'forbidden' }, 'Only the host can end this meeting.');
  }

  static tooManyRequests(retryAfterMs: number): MeetingError {
    const message = `Too many requests. Wait ${Math.ceil(retryAfterMs / 1000)} s and try again.`;
    return new MeetingError({ reason: 'tooManyRequests', retryAfterMs }, message);
  }

  /** `sentence` says which input is wrong and what it must be. */
  static badInput(sentence: string): MeetingError {
    return new MeetingError({ reason: 'badInput' }, sentence);
  }

  /** An avatar's file that can't be worn. */
  static avatarFile(error: AvatarFileError): MeetingError {
    return new MeetingError({ reason: 'badInput', avatarReason: error.reason }, error.message, { cause: error });
  }

  static avatarPermission(): MeetingError {
    const message =
      'The licence of this avatar asks for its author’s permission. Say that you have it, or choose another.';
    return new MeetingError({ reason: 'forbidden', avatarReason: 'licence' }, message);
  }

  static avatarsFull(): MeetingError {
    const data = { reason: 'unavailable', retryAfterMs: FULL_RETRY_MS } as const;
    return new MeetingError(data, 'There is no room for more avatars here just now. Choose one of those there are.');
  }

  static unavailable(cause?: unknown): MeetingError {
    const data = { reason: 'unavailable', retryAfterMs: UNAVAILABLE_RETRY_MS } as const;
    return new MeetingError(data, 'Meetings are out of reach just now. Try again in a few seconds.', { cause });
  }
}
