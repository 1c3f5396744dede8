import { ReasonedError } from '@/lib/core/reasonedError';
import { RecordingError } from '@/lib/recording/recordingError';

/**
 * `notFound`: no recording at this address, or it was deleted; `expired`: the link's last day is over; `unreachable`: the server
 * does not answer, or not with the recording; `notARecording`: the file is something else; `newerVersion`: a later Parley wrote it;
 * `empty`: not one whole segment; `unreadable`: the file cannot be read from the disk.
 */
export type ReplayErrorReason =
  | 'notFound'
  | 'expired'
  | 'unreachable'
  | 'notARecording'
  | 'newerVersion'
  | 'empty'
  | 'unreadable';

/** Why a recording can't be replayed. */
export class ReplayError extends ReasonedError<ReplayErrorReason> {
  /** The meaning of an HTTP status other than 200 and 206. */
  static ofStatus(status: number): ReplayError {
    if (status === 404 || status === 410) return new ReplayError('notFound', 'There is no recording at this address.');
    if (status === 401 || status === 403) return new ReplayError('expired', 'The link to the recording has expired.');
    return new ReplayError('unreachable', `The server answers ${status} in place of the recording. Try again later.`);
  }

  static unreachable(cause: unknown): ReplayError {
    return new ReplayError('unreachable', 'The server cannot be reached. Check the connection.', { cause });
  }

  static unreadable(cause: unknown): ReplayError {
    return new ReplayError('unreadable', 'The file cannot be read. Choose it again.', { cause });
  }

  static empty(): ReplayError {
    return new ReplayError('empty', 'Nothing was recorded yet. Try again in a moment.');
  }
}

const OF_RECORDING: Partial<Record<RecordingError['reason'], ReplayErrorReason>> = {
  notARecording: 'notARecording',
  unknownVersion: 'newerVersion',
};

/** Any failure of opening or reading a recording as a {@link ReplayError}. */
export function asReplayError(error: unknown): ReplayError {
  if (error instanceof ReplayError) return error;
  if (!(error instanceof RecordingError)) return ReplayError.unreachable(error);
  return new ReplayError(OF_RECORDING[error.reason] ?? 'empty', error.message, { cause: error });
}
