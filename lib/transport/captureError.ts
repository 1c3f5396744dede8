import { ReasonedError } from '@/lib/core/reasonedError';
import type { CaptureErrorReason } from './media';

/** Why a microphone or a screen could not be had. */
export class CaptureError extends ReasonedError<CaptureErrorReason> {}
