import { ReasonedError } from '@/lib/core/reasonedError';

/** What a page can capture. */
export type CapturedDevice = 'microphone' | 'webcam' | 'screen';

/**
 * Why a device cannot be captured. `dismissed`: the user closed the browser's question without an answer; `unsupported`: the
 * browser, or a page that is not served securely, has no such capture at all.
 */
export type DeviceErrorReason = 'denied' | 'dismissed' | 'missing' | 'busy' | 'unsupported' | 'failed';

/** Names of the `DOMException`s that `getUserMedia` and `getDisplayMedia` reject with. */
const REASONS: ReadonlyMap<unknown, DeviceErrorReason> = new Map([
  ['NotAllowedError', 'denied'],
  ['SecurityError', 'denied'],
  ['NotFoundError', 'missing'],
  ['OverconstrainedError', 'missing'],
  ['NotReadableError', 'busy'],
  ['AbortError', 'busy'],
]);

const SENTENCES: Readonly<Record<DeviceErrorReason, (device: CapturedDevice) => string>> = {
  denied: (device) => `The browser may not use the ${device}: allow it next to the address.`,
  dismissed: () => 'The question of the browser was closed: ask again and allow it.',
  missing: (device) => `No ${device} was found: plug one in.`,
  busy: (device) => `The ${device} does not start, or another program uses it: close it there.`,
  unsupported: (device) => `This browser cannot capture a ${device} here: use a newer one, over https.`,
  failed: (device) => `The ${device} does not work: choose another.`,
};

/** What to do about a device that cannot be captured. */
export function deviceSentence(reason: DeviceErrorReason, device: CapturedDevice): string {
  return SENTENCES[reason](device);
}

/** A device that cannot be captured, with a sentence that says what to do. `detail` adds to it; '' adds nothing. */
export class DeviceError extends ReasonedError<DeviceErrorReason> {
  constructor(
    reason: DeviceErrorReason,
    readonly device: CapturedDevice,
    detail = '',
    options?: ErrorOptions,
  ) {
    const sentence = deviceSentence(reason, device);
    super(reason, detail === '' ? sentence : `${sentence} (${detail})`, options);
  }
}

/** The fields read of an error. */
export interface NamedError {
  readonly name?: unknown;
  readonly message?: unknown;
}

/** Anything that was thrown, as an object whose fields can be read. */
export function asNamedError(error: unknown): NamedError {
  return typeof error === 'object' && error !== null ? error : {};
}

/** The reason behind an error of the browser; null where the error is not one of its refusals. */
export function refusalOf({ name, message }: NamedError): DeviceErrorReason | null {
  // In Chromium only this text distinguishes a closed question from a refusal.
  if (typeof message === 'string' && /dismissed/i.test(message)) return 'dismissed';
  return REASONS.get(name) ?? null;
}

/** Anything thrown while `device` was opened, as a {@link DeviceError}, which it may be already. */
export function deviceErrorOf(cause: unknown, device: CapturedDevice): DeviceError {
  if (cause instanceof DeviceError) return cause;
  return new DeviceError(refusalOf(asNamedError(cause)) ?? 'failed', device, '', { cause });
}
