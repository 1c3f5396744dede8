import type { DeviceRefusal } from '@/lib/core/deviceRefusal';
import { ReasonedError } from '@/lib/core/reasonedError';

/**
 * Why no landmarks come: a {@link DeviceRefusal} of the camera; `unplugged`: it went while in use; `unsupported`: the browser
 * or an insecure page has no such thing; a model that is not there, holds nothing, is no bundle, or is another model's
 * bundle; `wasmFailed`: the program that reads pictures does not start.
 */
export type WebcamErrorReason =
  | DeviceRefusal
  | 'unplugged'
  | 'unsupported'
  | 'modelMissing'
  | 'modelEmpty'
  | 'modelGarbage'
  | 'modelWrong'
  | 'wasmFailed';

const SENTENCES: Readonly<Record<WebcamErrorReason, string>> = {
  denied: 'The browser may not use the camera: allow it beside the address.',
  dismissed: 'The question of the browser was closed: ask again and allow it.',
  missing: 'There is no camera: plug one in.',
  busy: 'Another program uses the camera: close it there.',
  failed: 'The camera does not work: choose another.',
  unplugged: 'The camera has gone: plug it in again, or choose another.',
  unsupported: 'This browser cannot read a camera here: use a newer one, over https.',
  modelMissing: 'A model is not on the server: run `npm run models` there.',
  modelEmpty: 'A model on the server holds nothing: run `npm run models` there.',
  modelGarbage: 'A model on the server is damaged: run `npm run models` there.',
  modelWrong: 'A model on the server is another than its name says: run `npm run models` there.',
  wasmFailed: 'The program that reads pictures does not start: load the page again.',
};

/** Why no landmarks come. `detail` names the model, or what was thrown; '' where there is nothing to add. */
export class WebcamError extends ReasonedError<WebcamErrorReason> {
  constructor(
    reason: WebcamErrorReason,
    readonly detail = '',
    options?: ErrorOptions,
  ) {
    super(reason, detail === '' ? SENTENCES[reason] : `${SENTENCES[reason]} (${detail})`, options);
  }
}
