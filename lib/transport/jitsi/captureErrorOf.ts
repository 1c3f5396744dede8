import { deviceRefusalOf, type NamedError } from '@/lib/core/deviceRefusal';
import { CaptureError } from '../captureError';
import type { CaptureErrorReason, TrackKind } from '../media';

/** Names of the library's own errors (JitsiTrackErrors). */
const REASONS: Readonly<Record<string, CaptureErrorReason>> = {
  'gum.permission_denied': 'denied',
  'gum.not_found': 'missing',
  'gum.constraint_failed': 'missing',
  'gum.screensharing_user_canceled': 'dismissed',
};

const SENTENCES: Readonly<Record<CaptureErrorReason, string>> = {
  denied: 'The browser may not use it.',
  dismissed: 'The question of the browser was closed.',
  missing: 'There is none.',
  busy: 'Another program uses it, or it does not start.',
  unsupported: 'This browser cannot do that here.',
  failed: 'It does not work.',
};

/** The library wraps the browser's own error. */
interface LibraryError extends NamedError {
  readonly gum?: { readonly error?: NamedError };
}

function asNamed(error: unknown): LibraryError {
  return typeof error === 'object' && error !== null ? error : {};
}

function reasonOf(error: LibraryError): CaptureErrorReason {
  return (
    deviceRefusalOf(error) ?? deviceRefusalOf(asNamed(error.gum?.error)) ?? REASONS[String(error.name)] ?? 'failed'
  );
}

/** Why the microphone or the screen could not be had, from whatever was thrown. */
export function captureErrorOf(error: unknown, kind: TrackKind): CaptureError {
  if (error instanceof CaptureError) return error;
  const reason = reasonOf(asNamed(error));
  return new CaptureError(reason, `${kind === 'voice' ? 'Microphone' : 'Screen'}: ${SENTENCES[reason]}`, {
    cause: error,
  });
}

/** @throws CaptureError `unsupported`, where the page or the browser offers no such capture at all. */
export function requireCapture(kind: TrackKind): void {
  const devices: Partial<MediaDevices> | undefined = globalThis.navigator?.mediaDevices;
  if (kind === 'voice' ? devices?.getUserMedia : devices?.getDisplayMedia) return;
  throw new CaptureError('unsupported', SENTENCES.unsupported);
}
