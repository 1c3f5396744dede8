import type { MessageKey, MessageValues } from '@/app/_i18n/messages';
import { ParleyApiError } from '@/lib/api';
import type { AvatarReport } from '@/lib/avatarFile/report/report';
import type { AvatarCheck } from './checkAvatarFile';

/** A sentence that says what is wrong. */
export interface OwnAvatarProblem {
  readonly key: MessageKey;
  readonly values?: MessageValues;
}

/** A file that has been read. */
export interface CheckedFile {
  readonly fileName: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly report: AvatarReport;
}

/**
 * How far somebody has come with an avatar of their own. `tooHeavy` and `asking` (for the author's permission) wait for
 * the person; `worn` is what the meeting will see.
 */
export type OwnAvatarState =
  | { readonly step: 'empty'; readonly problem: OwnAvatarProblem | null }
  | { readonly step: 'reading'; readonly fileName: string }
  | ({ readonly step: 'tooHeavy' } & CheckedFile)
  | ({ readonly step: 'asking'; readonly problem: OwnAvatarProblem | null } & CheckedFile)
  | ({ readonly step: 'sending' } & CheckedFile)
  | ({ readonly step: 'worn' } & CheckedFile);

/** What follows a check. */
export function afterCheck(check: AvatarCheck, fileName: string, bytes: Uint8Array<ArrayBuffer>): OwnAvatarState {
  if (check.kind === 'broken') {
    const key = `ownError.${check.reason}` as const;
    return { step: 'empty', problem: { key, values: { detail: check.detail } } };
  }
  const file = { fileName, bytes, report: check.report };
  if (check.report.rank === 'tooHeavy') return { step: 'tooHeavy', ...file };
  return check.report.terms === 'permission'
    ? { step: 'asking', problem: null, ...file }
    : { step: 'sending', ...file };
}

/** The sentence for an upload that failed. */
export function uploadProblem(error: unknown): OwnAvatarProblem {
  const { reason, retryAfterMs = 0 } = error instanceof ParleyApiError ? error : { reason: 'offline' as const };
  switch (reason) {
    case 'tooManyRequests':
      return { key: 'own.upload.tooManyRequests', values: { seconds: Math.ceil(retryAfterMs / 1000) } };
    case 'unavailable':
      return { key: 'own.upload.unavailable' };
    case 'badInput':
    case 'forbidden':
      return { key: 'own.upload.refused' };
    default:
      return { key: 'own.upload.offline' };
  }
}
