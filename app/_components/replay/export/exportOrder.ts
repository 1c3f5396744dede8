import { AvatarFileError } from '@/lib/avatarFile/avatarFileError';
import { ReasonedError } from '@/lib/core/reasonedError';
import { ExportError, type ExportErrorReason } from '@/lib/export/exportError';
import type { ExportFormat } from '@/lib/export/exportRequest';
import type { ReadTimeline } from '@/lib/recording/timeline';
import { ReplayError } from '@/lib/replay/replayError';

/** Where the bytes of a recording are. */
export type RecordingPlace = { readonly file: File } | { readonly segmentsUrl: string; readonly sizeBytes: number };

/** A file that a worker makes of a recording. */
export interface ExportOrder {
  readonly place: RecordingPlace;
  readonly recording: Pick<ReadTimeline, 'timeline' | 'rows'>;
  readonly format: ExportFormat;
  /** Id; null for everybody, or, for `wav`, a guest. */
  readonly person: string | null;
  /** The recording's time, ms; null for all there is. */
  readonly fromMs: number | null;
  readonly toMs: number | null;
  readonly mimeType: string;
  /** Where the site's avatars are. */
  readonly siteUrl: string;
}

/**
 * Besides the reasons of exports: `avatar`: the file of the person's avatar cannot be read; `unreachable`: bytes of the recording do not
 * come; `cancelled`; `broken`: this browser cannot do it.
 */
export type ExportFailure = ExportErrorReason | 'avatar' | 'unreachable' | 'cancelled' | 'broken';

/** An export of the page that came to nothing. */
export class ExportFailed extends ReasonedError<ExportFailure> {}

/** Why an export failed, of whatever was thrown. */
export function failureOf(error: unknown): ExportFailure {
  if (error instanceof ExportError || error instanceof ExportFailed) return error.reason;
  if (error instanceof AvatarFileError) return 'avatar';
  return error instanceof ReplayError ? 'unreachable' : 'broken';
}

/** What a worker tells the page. */
export type ExportNews =
  | { readonly kind: 'share'; readonly share: number }
  | { readonly kind: 'done'; readonly file: Blob }
  | { readonly kind: 'failed'; readonly reason: ExportFailure };

/** Somebody who waits for an export. */
export interface ExportWaiter {
  readonly signal: AbortSignal;
  /** Hears the share that is done, 0 to 1. */
  onShare(share: number): void;
}
