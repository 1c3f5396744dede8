/** Why a browser gives no microphone, camera or screen. `dismissed`: the person closed its question. */
export type DeviceRefusal = 'denied' | 'dismissed' | 'missing' | 'busy' | 'failed';

/** Names of `DOMException`s that `getUserMedia` and `getDisplayMedia` reject with. */
const REASONS: ReadonlyMap<unknown, DeviceRefusal> = new Map([
  ['NotAllowedError', 'denied'],
  ['SecurityError', 'denied'],
  ['NotFoundError', 'missing'],
  ['OverconstrainedError', 'missing'],
  ['NotReadableError', 'busy'],
  ['AbortError', 'busy'],
]);

/** What is read of whatever was thrown. */
export interface NamedError {
  readonly name?: unknown;
  readonly message?: unknown;
}

/** Why there is no device, from what the browser threw; null where that is no refusal known. */
export function deviceRefusalOf({ name, message }: NamedError): DeviceRefusal | null {
  // Chromium tells a closed question from a refusal by this text alone.
  if (typeof message === 'string' && /dismissed/i.test(message)) return 'dismissed';
  return REASONS.get(name) ?? null;
}
