import { ReasonedError } from '@/lib/core/reasonedError';

/**
 * Why a model could not be fetched: nobody answers; the answer is no file; it broke off time and again; what came is another
 * file; or the folder can't be written.
 */
export type DownloadErrorReason = 'unreachable' | 'refused' | 'interrupted' | 'wrongFile' | 'folder';

/** A model could not be fetched. The message is one sentence that says what to do. */
export class DownloadError extends ReasonedError<DownloadErrorReason> {}
