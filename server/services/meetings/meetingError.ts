import type { AvatarFileError } from '@/lib/avatarFile/avatarFileError';
import type { MeetingErrorData, MeetingErrorReason, MeetingRole } from '@/lib/core/meeting';
import { ReasonedError } from '@/lib/core/reasonedError';
import type { EndedStay, JoinOutcome, StayEndReason, StayOutcome } from '@/server/store/meetingStore';
import { StoreError, unwritableError } from '@/server/store/storeError';

/** Milliseconds to wait before asking again a database that is away. */
const UNAVAILABLE_RETRY_MS = 5000;

/** By then another process may have taken over. */
const DRAINING_RETRY_MS = 60_000;

/** Milliseconds after which a full disk may have room again. */
const UNWRITABLE_RETRY_MS = 30_000;

/** Milliseconds after which an upload has probably made way for another. */
const UPLOADS_RETRY_MS = 2000;

/** Milliseconds after which one of many recordings may have ended. */
const RECORDINGS_RETRY_MS = 60_000;

/** Milliseconds after which the operator may have made room. */
const FULL_RETRY_MS = 3_600_000;

/** A refusal by the rules of meetings, with a sentence for the user. */
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
    return new MeetingError({ reason: 'full', limit, instead: 'watch' }, message);
  }

  /** The person can watch the recording as it is made, seconds later: that is open to any number of people. */
  static watchedByMany(limit: number): MeetingError {
    const message = `As many watch this meeting as can at once: ${limit}. While it is recorded, it can be watched live.`;
    return new MeetingError({ reason: 'full', limit, instead: 'live' }, message);
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
    const message = 'You joined this meeting again from somewhere else, which took over your place.';
    return new MeetingError({ reason: 'replaced' }, message);
  }

  static removed(): MeetingError {
    return new MeetingError({ reason: 'forbidden' }, 'You were put out of this meeting by those who run this site.');
  }

  static forbidden(): MeetingError {
    return new MeetingError({ reason: 'forbidden' }, 'Only the host can end this meeting.');
  }

  static notHostOfRecording(): MeetingError {
    const message = 'Only the host of the meeting can do this with its recordings. Ask the host.';
    return new MeetingError({ reason: 'forbidden' }, message);
  }

  static notOperator(): MeetingError {
    const message = 'Only those who run this site may do this: show OPS_TOKEN, or the token in DATA_DIR/ops-token.';
    return new MeetingError({ reason: 'forbidden' }, message);
  }

  static recordingOff(): MeetingError {
    const data = { reason: 'forbidden', recordingReason: 'off' } as const;
    return new MeetingError(data, 'Meetings can’t be recorded on this site: its operator has turned that off.');
  }

  static recordingsFull(): MeetingError {
    const data = { reason: 'unavailable', recordingReason: 'noRoom', retryAfterMs: FULL_RETRY_MS } as const;
    return new MeetingError(data, 'There is no room for more recordings here. Delete some, or ask the operator.');
  }

  static tooManyRecordings(): MeetingError {
    const data = { reason: 'tooManyRequests', recordingReason: 'tooMany', retryAfterMs: RECORDINGS_RETRY_MS } as const;
    return new MeetingError(data, 'Too many meetings are being recorded from your network. Stop one, or try later.');
  }

  static liveOff(): MeetingError {
    const data = { reason: 'forbidden', recordingReason: 'liveOff' } as const;
    return new MeetingError(data, 'Meetings can’t be watched live on this site: its operator has turned that off.');
  }

  static notRecorded(): MeetingError {
    const data = { reason: 'notFound', recordingReason: 'notRunning' } as const;
    return new MeetingError(data, 'This meeting is not being recorded.');
  }

  static noSuchRecording(): MeetingError {
    const data = { reason: 'notFound', recordingReason: 'unknown' } as const;
    return new MeetingError(data, 'There is no such recording, or it was deleted. Check the link you were given.');
  }

  static recordingLinkExpired(): MeetingError {
    const data = { reason: 'tokenExpired', recordingReason: 'linkExpired' } as const;
    return new MeetingError(data, 'This link to a recording is no longer valid. Ask for a new one.');
  }

  static tooManyRequests(retryAfterMs: number): MeetingError {
    const message = `Too many requests. Wait ${Math.ceil(retryAfterMs / 1000)} s and try again.`;
    return new MeetingError({ reason: 'tooManyRequests', retryAfterMs }, message);
  }

  /** `sentence` says which input is wrong and what it must be. */
  static badInput(sentence: string): MeetingError {
    return new MeetingError({ reason: 'badInput' }, sentence);
  }

  /** An avatar file that can't be used. */
  static avatarFile(error: AvatarFileError): MeetingError {
    return new MeetingError({ reason: 'badInput', avatarReason: error.reason }, error.message, { cause: error });
  }

  static avatarPermission(): MeetingError {
    const message =
      'The licence of this avatar asks for its author’s permission. Confirm that you have it, or choose another.';
    return new MeetingError({ reason: 'forbidden', avatarReason: 'licence' }, message);
  }

  static avatarsFull(): MeetingError {
    const data = { reason: 'unavailable', retryAfterMs: FULL_RETRY_MS } as const;
    return new MeetingError(
      data,
      'There is no room for more avatars here right now. Choose one of the default avatars.',
    );
  }

  /** The operator learns why from the log; the people learn that it is not their doing. */
  static cannotSave(cause: unknown): MeetingError {
    const data = { reason: 'unavailable', retryAfterMs: UNWRITABLE_RETRY_MS, cannotSave: true } as const;
    const message = 'This site can’t save anything right now. Meetings in progress go on; try again in a few minutes.';
    return new MeetingError(data, message, { cause });
  }

  static noSuchAvatar(): MeetingError {
    return new MeetingError({ reason: 'notFound' }, 'There is no such avatar here.');
  }

  static noSuchPerson(): MeetingError {
    return new MeetingError({ reason: 'notFound' }, 'This person is not in the meeting now.');
  }

  static uploadsBusy(): MeetingError {
    const data = { reason: 'unavailable', retryAfterMs: UPLOADS_RETRY_MS } as const;
    return new MeetingError(data, 'The server is busy with other avatars right now. Try again in a moment.');
  }

  /** The operator has removed this file for good. */
  static avatarRemoved(): MeetingError {
    return new MeetingError({ reason: 'forbidden' }, 'This avatar was removed here. Choose another one.');
  }

  static draining(): MeetingError {
    const data = { reason: 'unavailable', retryAfterMs: DRAINING_RETRY_MS, isDraining: true } as const;
    const message =
      'This site takes no new meetings right now. Meetings in progress go on; try again in a few minutes.';
    return new MeetingError(data, message);
  }

  static unavailable(cause?: unknown): MeetingError {
    const data = { reason: 'unavailable', retryAfterMs: UNAVAILABLE_RETRY_MS } as const;
    return new MeetingError(data, 'Meetings are out of reach right now. Try again in a few seconds.', { cause });
  }
}

/** What `error` says about the place where things are kept; null for anything else. */
function storageRefusal(error: unknown): MeetingError | null {
  const trouble = error instanceof StoreError ? error : unwritableError(error, 'The data folder');
  if (!trouble) return null;
  return trouble.reason === 'unwritable' ? MeetingError.cannotSave(trouble) : MeetingError.unavailable(trouble);
}

/** An expected failure of a service as a refusal with a reason; null for anything else, which is a bug of ours. */
export function toMeetingError(error: unknown): MeetingError | null {
  if (error instanceof MeetingError) return error;
  return storageRefusal(error);
}

/** The outcome of a join that succeeded. @throws MeetingError `full`, `ended`, `forbidden` or `notFound` otherwise */
export function requireJoined(outcome: JoinOutcome, role: MeetingRole): Extract<JoinOutcome, { kind: 'joined' }> {
  switch (outcome.kind) {
    case 'joined':
      return outcome;
    case 'full':
      throw role === 'spectator' ? MeetingError.watchedByMany(outcome.limit) : MeetingError.full(outcome.limit);
    case 'ended':
      throw MeetingError.ended();
    case 'removed':
      throw MeetingError.removed();
    case 'notFound':
      throw MeetingError.notFound();
  }
}

/** The stay, if it is live. @throws MeetingError `tokenInvalid`, `tokenExpired`, `replaced`, `forbidden` or `ended` otherwise */
export function requireLive(outcome: StayOutcome): EndedStay {
  if (outcome.kind === 'live') return outcome.stay;
  throw outcome.kind === 'over' ? overError(outcome.reason) : MeetingError.tokenInvalid();
}

function overError(reason: StayEndReason): MeetingError {
  switch (reason) {
    case 'replaced':
      return MeetingError.replaced();
    case 'removed':
      return MeetingError.removed();
    case 'meetingEnded':
      return MeetingError.ended();
    case 'left':
    case 'timeout':
      return MeetingError.tokenExpired();
  }
}
