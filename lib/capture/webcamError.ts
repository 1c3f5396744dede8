import { ReasonedError } from '@/lib/core/reasonedError';
import { DeviceError, type DeviceErrorReason, deviceSentence } from '@/lib/devices/deviceError';

/**
 * Why a webcam that opened cannot be read. `unplugged`: it went away while in use; `wasmFailed`: the program that reads
 * pictures does not start; else a model that is missing, empty, no bundle at all, or the bundle of another model.
 */
type ReadingErrorReason = 'unplugged' | 'modelMissing' | 'modelEmpty' | 'modelGarbage' | 'modelWrong' | 'wasmFailed';

/** Why no landmarks come: the webcam does not open, or cannot be read. */
export type WebcamErrorReason = DeviceErrorReason | ReadingErrorReason;

const SENTENCES: Readonly<Record<ReadingErrorReason, string>> = {
  unplugged: 'The webcam was unplugged: plug it in again, or choose another.',
  modelMissing: 'A model is not on the server: run `npm run models` there.',
  modelEmpty: 'A model on the server is empty: run `npm run models` there.',
  modelGarbage: 'A model on the server is damaged: run `npm run models` there.',
  modelWrong: 'A model on the server is not the one its name says: run `npm run models` there.',
  wasmFailed: 'The program that reads pictures does not start: reload the page.',
};

function sentenceOf(reason: WebcamErrorReason): string {
  return reason in SENTENCES
    ? SENTENCES[reason as ReadingErrorReason]
    : deviceSentence(reason as DeviceErrorReason, 'webcam');
}

/** No landmarks come. `detail` names the model, or what was thrown; '' adds nothing. */
export class WebcamError extends ReasonedError<WebcamErrorReason> {
  constructor(
    reason: WebcamErrorReason,
    readonly detail = '',
    options?: ErrorOptions,
  ) {
    super(reason, detail === '' ? sentenceOf(reason) : `${sentenceOf(reason)} (${detail})`, options);
  }
}

/** Anything thrown while a webcam was opened, as a {@link WebcamError}, which it may be already. */
export function webcamErrorOf(cause: unknown): WebcamError {
  if (cause instanceof WebcamError) return cause;
  if (cause instanceof DeviceError) return new WebcamError(cause.reason, '', { cause });
  return new WebcamError('failed', String(cause), { cause });
}
