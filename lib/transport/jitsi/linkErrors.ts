import { TransportError, type TransportErrorReason } from '../transport';
import { lost } from '../transportErrors';
import type { JitsiMeetJs } from './library';

/** What a failure of the library's connection means. */
export function connectionError(kind: string): TransportError {
  const refused = kind === 'connection.passwordRequired';
  const reason: TransportErrorReason = refused ? 'notAllowed' : 'unreachable';
  return new TransportError(
    reason,
    refused ? 'The meeting server refused this token.' : 'The meeting server cannot be reached.',
  );
}

/**
 * What a failure of the library's conference means. Null where the library itself goes on, as it does after a lost media
 * connection: poses may still flow.
 */
export function conferenceError(library: JitsiMeetJs, kind: string, isUp: boolean): TransportError | null {
  const errors = library.errors.conference;
  const refused = [errors.NOT_ALLOWED_ERROR, errors.MEMBERS_ONLY_ERROR, errors.AUTHENTICATION_REQUIRED];
  if (kind === errors.CONFERENCE_DESTROYED) {
    return new TransportError('conferenceDestroyed', 'The meeting was closed on the server.');
  }
  if (refused.includes(kind)) return new TransportError('notAllowed', 'The meeting server refused this token.');
  const broken = [errors.CONNECTION_ERROR, errors.CONFERENCE_RESTARTED, errors.FOCUS_LEFT, errors.GRACEFUL_SHUTDOWN];
  return isUp && !broken.includes(kind) ? null : lost();
}
